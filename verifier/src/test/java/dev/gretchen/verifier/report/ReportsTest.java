package dev.gretchen.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {

  @TempDir Path dir;

  @Test
  void writesEveryReportAndLeavesNoDraft() throws IOException {
    Path run = dir.resolve("runs/word-colors/a");

    Reports.write(run, Samples.passing(), Samples.emptyTimeline(), Samples.REPRO);

    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "report.html", "junit.xml", "summary.md", "metrics.om", "repro.sh");
    }
    assertThat(run.resolve(Reports.REPRO)).isExecutable();
  }

  @Test
  void replacesTheReportsOfARunThatIsJudgedAgainButNotTheCommandThatStartedIt() throws IOException {
    Reports.write(dir, Samples.passing(), Samples.emptyTimeline(), Samples.REPRO);

    Reports.write(dir, Samples.failing(), Samples.emptyTimeline());

    assertThat(dir.resolve(Reports.HTML)).content().contains("FAIL");
    assertThat(dir.resolve(Reports.REPRO)).content().contains("--rate 1000");
  }

  @Test
  void derivesACommandWhereNoneIsKnown() throws IOException {
    Reports.write(dir, Samples.failing(), Samples.emptyTimeline());

    assertThat(dir.resolve(Reports.REPRO))
        .content()
        .contains("exec ./gretchen verify --app word-colors --seed 4711 --guarantee exactly-once")
        .contains("other options are at their defaults");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void givesTheShellTheVeryArgumentsOfTheRun() throws Exception {
    List<String> words =
        List.of(
            "it's",
            "a b",
            "$HOME",
            "`id`",
            "\"q\"",
            "*",
            "back\\slash",
            "",
            "new\nline",
            "~",
            "#",
            "ü🦆");
    List<String> command = new ArrayList<>(List.of("printf", "<%s>"));
    command.addAll(words);
    Reports.write(dir, Samples.hostile(), Samples.emptyTimeline(), Repro.exactly(command));

    Process shell =
        new ProcessBuilder(dir.resolve(Reports.REPRO).toString(), "more")
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(said).isEqualTo("<" + String.join("><", words) + "><more>");
  }

  @Test
  void refusesACommandThatNoShellCanRepeat() {
    assertThatThrownBy(() -> Repro.exactly(List.of())).hasMessageContaining("empty");
    assertThatThrownBy(() -> Repro.exactly(List.of("a", "b\0c"))).hasMessageContaining("NUL");
  }
}
