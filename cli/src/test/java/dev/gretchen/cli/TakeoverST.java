package dev.gretchen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.history.LogReader;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Verdict;
import dev.gretchen.verifier.verdict.VerdictJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Real workers watch each other.
class TakeoverST {

  private static final Duration BOUND = Duration.ofMinutes(3);

  /// After which Kafka itself would have removed a dead member.
  private static final long SESSION_MILLIS = 6_000;

  @TempDir private Path folder;

  @Test
  void whoeverIsKilledIsEvictedByItsPeersAndItsWorkDoneBeforeKafkaWouldHaveMissedIt()
      throws Exception {
    Verdict verdict = verify();
    assertThat(verdict.verdict()).as(verdict.sentence()).isEqualTo(Outcome.PASS);
    assertThat(verdict.faults()).hasSize(1).allMatch(FaultOutcome::proven);
    FaultOutcome kill = verdict.faults().getFirst();
    List<JsonNode> audit = audit();

    List<JsonNode> evictions = audit.stream().filter(entry -> is(entry, "evicted")).toList();
    assertThat(evictions)
        .as("nobody else is")
        .isNotEmpty()
        .allSatisfy(eviction -> {
          assertThat(eviction.path("peer").asString()).isEqualTo(kill.target());
          assertThat(eviction.path("instance").asString()).isEqualTo(instance(kill, audit));
        });
    long evicted = evictions.getFirst().path("at").asLong();
    assertThat(evicted).isLessThan(kill.at() + SESSION_MILLIS);
    assertThat(audit)
        .filteredOn(entry -> !entry.path("worker").asString().equals(kill.target()))
        .filteredOn(entry -> is(entry, "running") && entry.path("at").asLong() >= evicted)
        .as("a survivor runs what was the dead one's")
        .anySatisfy(
            entry -> assertThat(entry.path("at").asLong()).isLessThan(kill.at() + SESSION_MILLIS));
  }

  /// The killed one's last process before the kill.
  private static String instance(FaultOutcome kill, List<JsonNode> audit) {
    return audit.stream()
        .filter(entry -> is(entry, "started") && entry.path("at").asLong() < kill.at())
        .filter(entry -> entry.path("worker").asString().equals(kill.target()))
        .map(entry -> kill.target() + "-" + entry.path("incarnation").asString())
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  private static boolean is(JsonNode entry, String event) {
    return entry.path("event").asString().equals(event);
  }

  private List<JsonNode> audit() {
    List<JsonNode> entries = new ArrayList<>();
    Path log = run().resolve("history/topics/word-colors-audit/0.log");
    try (LogReader reader = new LogReader(log, 0)) {
      reader.forEachRemaining(record -> entries.add(JsonMapper.shared().readTree(record.value())));
    }
    return entries;
  }

  private Verdict verify() throws Exception {
    Command command =
        Command.run(
            BOUND,
            folder,
            "verify",
            "--app=" + descriptor(),
            "--for=14s",
            "--rate=500",
            "--brokers=1",
            "--workers=3",
            "--partitions=4",
            "--palette=synthetic:100",
            "--seed=11",
            "--faults=kill-owner",
            "--runs=" + folder.resolve("runs"));
    Path verdict = run().resolve("verdict.json");
    assertThat(verdict).as(command.out() + command.err()).exists();
    return VerdictJson.read(Files.readString(verdict));
  }

  private Path run() {
    return folder.resolve("runs").resolve("word-colors").resolve("latest");
  }

  /// The shipped descriptor, without the cache that would have to be made first.
  private Path descriptor() throws Exception {
    String shipped = Files.readString(Command.home().resolve("apps/word-colors/gretchen.yaml"));
    String lib = Command.home().resolve("apps/word-colors/target/lib").toString();
    String changed =
        shipped
            .replace("    - -XX:AOTCache={aot-cache}\n", "")
            .replace("{app-home}/target/lib", lib);
    assertThat(changed).contains(lib).doesNotContain("AOTCache");
    return Files.writeString(folder.resolve("gretchen.yaml"), changed);
  }
}
