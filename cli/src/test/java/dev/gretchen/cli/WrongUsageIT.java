package dev.gretchen.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever is wrong with a command line or its surroundings becomes one clear sentence and the
/// documented exit status.
class WrongUsageIT {

  private static final Duration BOUND = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "verify word-colors --fast              | 64 | Unknown option: '--fast'",
        "verify                                 | 64 | name an app: one of [feed-chat, order-enrichment, windows, word-colors]",
        "verify no-such-app                     | 64 | unknown app 'no-such-app'",
        "verify missing.yaml                    | 64 | no app descriptor at",
        "verify word-colors --rate 0            | 64 | --rate: expected 1 to 1000000, found 0",
        "verify word-colors --for soon          | 64 | expected a time such as 500ms, 90s, 5m or 8h, found 'soon'",
        "verify word-colors --workers many      | 64 | many",
        "verify word-colors --faults P77        | 64 | Unknown fault 'P77'",
        "verify word-colors --palette pastel    | 64 | pastel",
        "verify word-colors --guarantee maybe   | 64 | maybe",
        "verify word-colors --kafka elsewhere   | 64 | --kafka: expected embedded, docker or external",
        "verify word-colors --kafka external    | 64 | --kafka external needs --bootstrap",
        "verify word-colors --kafka docker --bootstrap localhost:1 | 64 | go with --kafka external",
        "verify order-enrichment --services some | 64 | --services: expected real, scripted or",
        "verify word-colors --client-config no-such-file | 64 | no-such-file cannot be read",
        "judge no-such-run                      | 64 | no-such-run is not a directory",
        "judge .                                | 64 | is not a run directory",
        "runs --runs no-such-folder             | 64 | no-such-folder is not a folder of runs",
        "runs --show all                        | 64 | --show: expected runs, violations, faults or trends, found 'all'",
        "runs --last 0                          | 64 | --last: expected 1 to 1000000, found 0",
        "runs --verdict MAYBE                   | 64 | MAYBE",
        "gate --runs runs                       | 64 | Unknown option: '--runs'",
        "gate no-such-folder --profile pr       | 64 | no-such-folder is not a folder of runs",
        "gate                                   | 64 | name one of --policy FILE and --profile NAME",
        "gate --profile weekly                  | 64 | --profile: expected one of pr, nightly, pre-release, demo",
        "gate --policy no-such.yaml             | 64 | no-such.yaml: expected a YAML file, found no such file",
        "serve --runs no-such-folder            | 64 | no-such-folder is not a folder of runs",
        "serve --runs . --port 99999            | 64 | --port: expected 0 to 65535, found 99999",
        "serve --runs . --bind somewhere        | 64 | --bind: expected an address such as 127.0.0.1",
        "serve --runs . --token-file .          | 64 | --token-file . cannot be read: Is a directory",
        "serve --runs . --token-file no-such    | 64 | --token-file no-such cannot be read",
        "demo no-such-app                       | 64 | unknown app 'no-such-app'",
        "demo --workers 0                       | 64 | --workers: expected 1 to 64, found 0",
        "demo --rate 99999                      | 64 | --rate: expected 0 to 5000, found 99999",
        "demo --port 70000                      | 64 | --port: expected 0 to 65535, found 70000",
        "demo --palette pastel                  | 64 | pastel",
        "demo --targets no-such-folder/x.json   | 3  | there is no folder",
        "soak --campaign weekly                 | 64 | --campaign: expected a file (.yaml) or one of nightly, pr",
        "soak --resume no-such-soak             | 64 | --resume: expected the folder of a soak",
        "soak --resume . --for 1h               | 64 | --resume goes without --for",
        "calibrate no-such-run                  | 64 | no-such-run is not a directory",
        "calibrate --mutant no-such-mutant      | 64 | no mutant 'no-such-mutant'; there are output-lost",
        "worker word-colors                     | 64 | Missing required option: '--bootstrap",
        "bench                                  | 64 | name a benchmark: throughput, enrichment, takeover, recovery or kernels",
        "bench throughput --fast                | 64 | Unknown option: '--fast'",
        "bench throughput --stage half          | 64 | --stage: expected count, app or all, found 'half'",
        "bench throughput --sides us            | 64 | --sides: expected some of engine, engine-at-least-once, streams",
        "bench throughput --keys many           | 64 | many",
        "bench throughput --keys 0              | 64 | 1 to 100,000,000 keys",
        "bench throughput --records 7           | 64 | 1,000 to 1,000,000,000 records",
        "bench throughput --rounds 0            | 64 | --rounds: expected 1 to 100, found 0",
        "bench enrichment --concurrency 1       | 64 | --concurrency: expected 2 to 1,000, found 1",
        "bench kernels --fast                   | 64 | Unknown option: '--fast'",
        "simulate --seeds 0                     | 64 | --seeds: expected at least 1, found 0",
        "simulate --seed 1 --seeds 2            | 64 | choose one of",
        "simulate --seed 1 --steps 99           | 64 | --steps: seed 1 has steps 1 to",
        "simulate --steps 1                     | 64 | --steps and --variation need --seed",
        "simulate --matrix --seed 9999          | 64 | the crash matrix has schedules 1 to",
        "simulate --app my-app                  | 64 | the simulator knows word-colors",
        "simulate --matrix --app windows        | 64 | --matrix: runs word-colors alone, found --app windows",
        "simulate --store tape                  | 64 | --store: expected one of memory, rocksdb, found 'tape'",
        "doctor --fast                          | 64 | Unknown option: '--fast'",
        "heal everything                        | 64 | everything",
        "sing                                   | 64 | sing",
      })
  void saysInOneSentenceWhatIsWrong(String line, int status, String part) throws Exception {
    Command command = Command.run(BOUND, folder, line.split(" +"));
    assertThat(command.status()).as(command.err()).isEqualTo(status);
    assertThat(command.err()).contains(part).doesNotContain("Exception", "\tat ");
    assertThat(command.err().strip().lines()).as(command.err()).hasSize(1);
  }

  @Test
  void namesTheBrokerThatDoesNotAnswer() throws Exception {
    Command command =
        Command.run(
            BOUND, folder, "verify", "word-colors", "--bootstrap=127.0.0.1:1", "--runs=" + folder);
    assertThat(command.status()).isEqualTo(3);
    assertThat(command.err()).contains("127.0.0.1:1").doesNotContain("\tat ");
  }

  @Test
  void saysThatTheRunsFolderCannotBeWritten() throws Exception {
    Path file = Files.writeString(folder.resolve("a-file"), "no folder");
    Command command = Command.run(BOUND, folder, "verify", "word-colors", "--runs=" + file);
    assertThat(command.status()).isEqualTo(3);
    assertThat(command.err()).contains(file.toString()).doesNotContain("\tat ");
  }

  @Test
  void namesWhatIsWrongInADescriptor() throws Exception {
    Path descriptor = folder.resolve("my-app.yaml");
    for (String[] change :
        List.of(
            new String[] {"schema: gretchen.app/1", "schema: something/9", "gretchen.app/1"},
            new String[] {"kind: filtered", "kind: guessed", "guessed"},
            new String[] {"guarantee: exactly-once", "guarantee: perhaps", "perhaps"},
            new String[] {"input: words", "unput: words", "put"})) {
      String shipped = Files.readString(Command.home().resolve("apps/word-colors/gretchen.yaml"));
      Files.writeString(descriptor, shipped.replace(change[0], change[1]));
      Command command = Command.run(BOUND, folder, "verify", descriptor.toString());
      assertThat(command.status()).as(command.err()).isEqualTo(64);
      assertThat(command.err()).contains("my-app.yaml", change[2]).doesNotContain("\tat ");
    }
  }

  @Test
  void aBenchmarkExplainsItself() throws Exception {
    Command command = Command.run(BOUND, folder, "bench", "throughput", "--help");
    assertThat(command.status()).isZero();
    assertThat(command.out())
        .contains(
            "(default: all)", "Example: ./gretchen bench throughput", "ratio <x>", "Exit status:");
  }

  @Test
  void helpShowsDefaultsAndAnExample() throws Exception {
    Command command = Command.run(BOUND, folder, "verify", "--help");
    assertThat(command.status()).isZero();
    assertThat(command.out())
        .contains("default: 120s", "Example: ./gretchen verify", "Exit status:");
  }
}
