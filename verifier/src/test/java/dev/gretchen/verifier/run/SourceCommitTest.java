package dev.gretchen.verifier.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceCommitTest {

  @TempDir private Path folder;

  @Test
  void namesTheCommitAndWhetherFilesWereChanged() throws Exception {
    assumeTrue(git("init", "-q"), "git is not installed");
    Path file = Files.writeString(folder.resolve("app.yaml"), "one");
    assertThat(git("add", "app.yaml")).isTrue();
    assertThat(git("-c", "user.name=n", "-c", "user.email=n@example.org", "commit", "-qm", "one"))
        .isTrue();

    String commit = SourceCommit.of(folder);
    assertThat(commit).matches("[0-9a-f]{12,40}");

    Files.writeString(folder.resolve("beside"), "not known to it");
    assertThat(SourceCommit.of(folder)).isEqualTo(commit);

    Files.writeString(file, "two");
    assertThat(SourceCommit.of(folder)).isEqualTo(commit + "+");
  }

  @Test
  void saysNothingWhereThereIsNoCommit() throws Exception {
    assertThat(SourceCommit.of(folder)).isEmpty();
    assertThat(SourceCommit.of(folder.resolve("not-there"))).isEmpty();
  }

  private boolean git(String... words) throws InterruptedException {
    List<String> line = new ArrayList<>(List.of("git", "-C", folder.toString()));
    line.addAll(List.of(words));
    try {
      return new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
