package dev.gretchen.verifier.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Which commit a source tree is at, so that runs can be compared from commit to commit.
final class SourceCommit {

  private static final Pattern NAME = Pattern.compile("[0-9a-f]{7,40}\\+?");
  private static final int BOUND_SECONDS = 5;

  private SourceCommit() {}

  /// The commit that a folder is at, twelve digits or more, with `+` after it where files that it
  /// knows have been changed since.
  ///
  /// @return empty where the folder is in no such tree, or git is not installed
  /// @throws InterruptedException when the calling thread is interrupted
  static String of(Path folder) throws InterruptedException {
    Process git;
    try {
      git =
          new ProcessBuilder(
                  "git",
                  "-C",
                  folder.toString(),
                  "describe",
                  "--always",
                  "--exclude=*",
                  "--abbrev=12",
                  "--dirty=+")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException _) {
      return "";
    }
    try {
      if (!git.waitFor(BOUND_SECONDS, TimeUnit.SECONDS)) {
        return "";
      }
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.exitValue() == 0 && NAME.matcher(said).matches() ? said : "";
    } catch (IOException _) {
      return "";
    } finally {
      git.destroyForcibly();
    }
  }
}
