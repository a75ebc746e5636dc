package dev.gretchen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Verdict;
import dev.gretchen.verifier.verdict.VerdictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The unknown outcomes that no signal makes, on the shipped app: a response lost at each step of a
/// commit, and a worker that stands still between its changelog and its commit.
class LostResponsesST {

  private static final Duration BOUND = Duration.ofMinutes(6);

  @TempDir private Path folder;

  @Test
  void countsExactlyOnceThroughLostResponsesOfEachStepOfACommitAndAPauseInIt() throws Exception {
    Command command =
        Command.run(
            BOUND,
            folder,
            "verify",
            "word-colors",
            "--for=70s",
            "--rate=500",
            "--workers=2",
            "--seed=12",
            "--faults=lose-produce-response,lose-txnoffsetcommit-response,lose-endtxn-response,commit-pause",
            "--runs=" + folder.resolve("runs"));
    assertThat(command.status()).as(command.out() + command.err()).isZero();
    Path run = folder.resolve("runs").resolve("word-colors").resolve("latest");
    Verdict verdict = VerdictJson.read(Files.readString(run.resolve("verdict.json")));
    assertThat(verdict.faults()).hasSize(4).allMatch(FaultOutcome::proven);
    assertThat(verdict.faults())
        .filteredOn(fault -> fault.kind().equals("commit-pause"))
        .singleElement()
        .satisfies(fault -> assertThat(fault.proof()).contains("paused at commit.after-sends"));
    assertThat(verdict.faults())
        .filteredOn(fault -> fault.kind().startsWith("lose-"))
        .extracting(fault -> fault.proof().replaceFirst("(?s).*response \\d+ of (\\w+).*", "$1"))
        .containsExactlyInAnyOrder("PRODUCE", "TXN_OFFSET_COMMIT", "END_TXN");
  }
}
