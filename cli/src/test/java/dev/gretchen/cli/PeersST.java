package dev.gretchen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import dev.gretchen.verifier.verdict.VerdictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same contract on other engines: who keeps it passes, and who only promises it is found out.
class PeersST {

  private static final Duration BOUND = Duration.ofMinutes(3);

  @TempDir private Path folder;

  @Test
  void kafkaStreamsPasses() throws Exception {
    Verdict verdict = verify("kafka-streams/tuned.yaml", "--for=10s");
    assertThat(verdict.verdict()).as(verdict.sentence()).isEqualTo(Outcome.PASS);
    assertThat(status(verdict, "final-table:color-total")).isEqualTo(Status.PASS);
  }

  @Test
  void theFloorProgramPasses() throws Exception {
    Verdict verdict = verify("floor/gretchen.yaml", "--for=10s");
    assertThat(verdict.verdict()).as(verdict.sentence()).isEqualTo(Outcome.PASS);
    for (String property :
        List.of(
            "final-table:color-total",
            "final-table:color-minute",
            "generation-order:color-counts")) {
      assertThat(status(verdict, property)).as(property).isEqualTo(Status.PASS);
    }
  }

  /// What was sent since the last commit is sent again after the kill, and a long interval makes
  /// sure that there is some.
  @Test
  void kafkaStreamsSetToAtLeastOnceFailsAsExactlyOnce() throws Exception {
    Verdict verdict =
        verify(
            "kafka-streams/tuned.yaml",
            "--for=10s",
            "--guarantee=at-least-once",
            "--judge-as=exactly-once",
            "--commit-interval=10s");
    assertThat(verdict.verdict()).as(verdict.sentence()).isEqualTo(Outcome.FAIL);
    List<Anomaly> anomalies =
        verdict.properties().stream()
            .filter(property -> property.name().equals("stream-exact:colors"))
            .flatMap(property -> property.anomalies().stream())
            .toList();
    assertThat(anomalies)
        .as(verdict.properties().toString())
        .anySatisfy(anomaly -> {
          assertThat(anomaly.kind()).isEqualTo("doubled");
          assertThat(anomaly.sentence()).containsPattern("c\\d+").containsPattern("event #\\d+");
        });
  }

  private static Status status(Verdict verdict, String name) {
    return verdict.properties().stream()
        .filter(property -> property.name().equals(name))
        .map(Property::status)
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " was not judged"));
  }

  private Verdict verify(String descriptor, String... more) throws Exception {
    Path shipped = Command.home().resolve("peers").resolve(descriptor);
    // a start-up cache would take longer to make than these runs last
    String changed =
        Files.readString(shipped)
            .replace("    - -XX:AOTCache={aot-cache}\n", "")
            .replace("{app-home}/..", Command.home().resolve("peers").toString());
    Path file = Files.writeString(folder.resolve("gretchen.yaml"), changed);
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of(
                "verify",
                "--app=" + file,
                "--rate=1000",
                "--brokers=1",
                "--workers=2",
                "--partitions=4",
                "--palette=synthetic:100",
                "--seed=11",
                "--faults=kill-owner",
                "--runs=" + folder.resolve("runs")));
    arguments.addAll(List.of(more));
    Command command = Command.run(BOUND, folder, arguments.toArray(String[]::new));
    String app =
        changed.lines().filter(line -> line.startsWith("name: ")).findFirst().orElseThrow();
    Path verdict =
        folder
            .resolve("runs")
            .resolve(app.substring("name: ".length()))
            .resolve("latest")
            .resolve("verdict.json");
    assertThat(verdict).as(command.out() + command.err()).exists();
    return VerdictJson.read(Files.readString(verdict));
  }
}
