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

/// A chat with real WebSocket clients, while a worker is killed and clients are cut off.
class FeedChatST {

  private static final Duration BOUND = Duration.ofMinutes(4);

  @TempDir private Path folder;

  @Test
  void passesThroughAKillAndCutClientsAndIsConvictedWhereItsRecordIsFalsified() throws Exception {
    Verdict verdict = verify();

    assertThat(verdict.verdict()).as(verdict.sentence()).isEqualTo(Outcome.PASS);
    for (String name :
        new String[] {
          "admission:admitted",
          "rejection:rejected",
          "broken-events:feed-chat-dead-letters",
          "numbering:feed",
          "bans:bans",
          "bans:banned",
          "posted:posted",
          "recent:recent",
          "room-order:feed",
          "resumption:feed",
          "reads:feed",
          "withholding:feed",
          "leaks:feed",
          "complete-before-served:feed",
          "client-posts:chat-events",
          "moderators:chat-events",
          "faults-proven"
        }) {
      assertThat(property(verdict, name).status()).as(name).isEqualTo(Status.PASS);
    }

    // the judge on trial, by one edit of this run for each mistake that a chat is known for
    Command calibrated =
        Command.run(
            BOUND,
            folder,
            "calibrate",
            run().toString(),
            "--mutant=served-before-complete,index-reused,resumed-one-late,room-order-by-arrival,"
                + "post-after-ban,posted-and-gone");
    assertThat(calibrated.status()).as(calibrated.out() + calibrated.err()).isZero();
    assertThat(calibrated.out()).contains("6 of 6 mutants");

    // the same evidence, held against a promise that the app does not make
    Path descriptor = run().resolve("gretchen.yaml");
    Files.writeString(
        descriptor, Files.readString(descriptor).replace("withhold: push", "withhold: never"));
    Command judged = Command.run(BOUND, folder, "judge", run().toString());
    assertThat(judged.status()).as(judged.out()).isEqualTo(1);
    assertThat(judged.out()).contains("though the app says that it never does");
  }

  private static Property property(Verdict verdict, String name) {
    return verdict.properties().stream()
        .filter(property -> property.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " was not judged"));
  }

  private Path run() throws Exception {
    return folder.resolve("runs").resolve("feed-chat").resolve("latest").toRealPath();
  }

  private Verdict verify() throws Exception {
    Path app = Command.home().resolve("apps/feed-chat");
    // a start-up cache would take longer to make than this run lasts
    String changed =
        Files.readString(app.resolve("gretchen.yaml"))
            .replace("    - -XX:AOTCache={aot-cache}\n", "")
            .replace("{app-home}", app.toString())
            .replaceFirst("clients: \\d+", "clients: 80");
    Path file = Files.writeString(folder.resolve("gretchen.yaml"), changed);
    Command command =
        Command.run(
            BOUND,
            folder,
            "verify",
            "--app=" + file,
            "--for=32s",
            "--rate=60",
            "--brokers=1",
            "--workers=2",
            "--partitions=4",
            "--seed=9",
            "--faults=kill-owner,clients-cut",
            "--runs=" + folder.resolve("runs"));
    Path verdict = run().resolve("verdict.json");
    assertThat(verdict).as(command.out() + command.err()).exists();
    return VerdictJson.read(Files.readString(verdict));
  }
}
