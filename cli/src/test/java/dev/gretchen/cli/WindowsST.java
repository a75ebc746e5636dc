package dev.gretchen.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

/// Windows, sessions, late events and keys that expire behind topics found by a pattern, on real
/// brokers, while workers are killed.
class WindowsST {

  private static final Duration BOUND = Duration.ofMinutes(4);

  @TempDir private Path folder;

  @Test
  void passesThroughKillsAndFailsWhereItPromisesAnotherGrace() throws Exception {
    Verdict verdict = verify();

    assertThat(verdict.verdict()).as(verdict.sentence()).isEqualTo(Outcome.PASS);
    for (String name :
        new String[] {
          "gathered:page-views",
          "gathered:user-views",
          "late:page-window",
          "late:page-hop",
          "late:user-session",
          "closed:page-window",
          "closed:page-hop",
          "closed:user-session",
          "changelog-prefix:page-hop",
          "dropped:page-window",
          "sessions:user-session",
          "expiring:page-recent",
          "store:user-session",
          "timer:ticks",
          "faults-proven"
        }) {
      assertThat(property(verdict, name).status()).as(name).isEqualTo(Status.PASS);
    }

    // the judge on trial, by one edit of this run for each of its promises
    Path run = run();
    Command calibrated =
        Command.run(
            BOUND,
            folder,
            "calibrate",
            run.toString(),
            "--mutant=view-lost,view-doubled,view-under-another-key,late-event-dropped,called-late,"
                + "late-event-restarts-a-window,closed-twice,close-never-told,closed-too-early,"
                + "window-kept,expiry-forgotten,sessions-merged-wrongly,session-end-off-by-one,"
                + "timer-fires-twice,timer-misses-a-moment");
    assertThat(calibrated.status()).as(calibrated.out() + calibrated.err()).isZero();
    assertThat(calibrated.out()).contains("15 of 15 mutants");

    // the same evidence, held against a promise that the app does not make
    Path descriptor = run.resolve("gretchen.yaml");
    Files.writeString(descriptor, Files.readString(descriptor).replace("grace: 2s", "grace: 1s"));
    Command judged = Command.run(BOUND, folder, "judge", run.toString());
    assertThat(judged.status()).as(judged.out()).isEqualTo(1);
    assertThat(judged.out()).contains("came too late");
  }

  private static Property property(Verdict verdict, String name) {
    return verdict.properties().stream()
        .filter(property -> property.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " was not judged"));
  }

  private Path run() throws Exception {
    return folder.resolve("runs").resolve("windows").resolve("latest").toRealPath();
  }

  private Verdict verify() throws Exception {
    Path app = Command.home().resolve("apps/windows");
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
            "--for=35s",
            "--rate=200",
            "--brokers=1",
            "--workers=2",
            "--partitions=2",
            "--seed=8",
            "--faults=kill-owner",
            "--runs=" + folder.resolve("runs"));
    Path verdict = run().resolve("verdict.json");
    assertThat(verdict).as(command.out() + command.err()).exists();
    return VerdictJson.read(Files.readString(verdict));
  }
}
