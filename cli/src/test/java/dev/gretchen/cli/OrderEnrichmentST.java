package dev.gretchen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.history.JsonLines;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.truth.ServiceOrigin;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import dev.gretchen.verifier.verdict.VerdictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An app that calls services, on real ones, while its workers are killed and the services
/// misbehave.
class OrderEnrichmentST {

  private static final Duration BOUND = Duration.ofMinutes(4);

  @TempDir private Path folder;

  @Test
  void passesThroughAKillAndServicesThatMisbehaveAndFailsWhereItPromisesMore() throws Exception {
    Verdict verdict = verify();

    assertThat(verdict.verdict()).as(verdict.sentence()).isEqualTo(Outcome.PASS);
    for (String name :
        new String[] {
          "enriched-or-dead:order-quality",
          "answers:order-quality",
          "answers:search-results",
          "applied:orders",
          "calls:influxdb",
          "retries:mailer",
          "effects:mailer",
          "sums:symbol-total",
          "steady-group",
          "worker-memory",
          "faults-proven"
        }) {
      assertThat(property(verdict, name).status()).as(name).isEqualTo(Status.PASS);
    }

    assertThat(JsonLines.read(new RunDirectory(run()).services(), ServiceOrigin.class))
        .toIterable()
        .as("a real search engine and mailer; InfluxDB too, where it is installed")
        .filteredOn(ServiceOrigin::real)
        .extracting(ServiceOrigin::service)
        .contains("search", "mailer");

    // the judge on trial, by one edit of this run for each of its promises
    Command calibrated =
        Command.run(
            BOUND,
            folder,
            "calibrate",
            run().toString(),
            "--mutant=enrichment-lost,quote-altered,called-after-commit,retried-at-once,"
                + "mailed-twice,committed-past-an-event,sum-one-more,partition-lost-meanwhile,worker-grew");
    assertThat(calibrated.status()).as(calibrated.out() + calibrated.err()).isZero();
    assertThat(calibrated.out()).contains("9 of 9 mutants");

    // the same evidence, held against a promise that the app does not make
    Path run = run();
    Path descriptor = run.resolve("gretchen.yaml");
    Files.writeString(
        descriptor, Files.readString(descriptor).replace("pause: 30ms", "pause: 300s"));
    Command judged = Command.run(BOUND, folder, "judge", run.toString());
    assertThat(judged.status()).as(judged.out()).isEqualTo(1);
    assertThat(judged.out()).contains("promised are 300000");
  }

  private static Property property(Verdict verdict, String name) {
    return verdict.properties().stream()
        .filter(property -> property.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " was not judged"));
  }

  private Path run() throws Exception {
    return folder.resolve("runs").resolve("order-enrichment").resolve("latest").toRealPath();
  }

  private Verdict verify() throws Exception {
    Path app = Command.home().resolve("apps/order-enrichment");
    // a start-up cache would take longer to make than this run lasts
    String changed =
        Files.readString(app.resolve("gretchen.yaml"))
            .replace("    - -XX:AOTCache={aot-cache}\n", "")
            .replace("{app-home}", app.toString());
    Path file = Files.writeString(folder.resolve("gretchen.yaml"), changed);
    Command command =
        Command.run(
            BOUND,
            folder,
            "verify",
            "--app=" + file,
            "--for=45s",
            "--rate=60",
            "--brokers=1",
            "--workers=2",
            "--partitions=4",
            "--palette=synthetic:50",
            "--seed=18",
            // of this seed the kill comes last, so that the services' faults have their time on a
            // busy
            // machine too
            "--faults=kill-worker,services",
            "--runs=" + folder.resolve("runs"));
    Path verdict = run().resolve("verdict.json");
    assertThat(verdict).as(command.out() + command.err()).exists();
    return VerdictJson.read(Files.readString(verdict));
  }
}
