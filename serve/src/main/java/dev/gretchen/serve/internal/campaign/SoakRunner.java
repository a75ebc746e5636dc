package dev.gretchen.serve.internal.campaign;

import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.serve.internal.http.Token;
import dev.gretchen.verifier.soak.SoakFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Makes soaks go on as processes of their own.
final class SoakRunner implements AutoCloseable {

  /// A soak that is asked to stop may take so long to end its run and clean up.
  private static final Duration STOP_MAX = Duration.ofSeconds(150);

  private static final String LOG = "serve.log";

  /// What is under test has no business with the token.
  private static final Map<String, String> HIDDEN = Map.of(Token.VARIABLE, "");

  private final Processes processes;
  private final List<String> command;

  /// @param command that starts `soak`, with that word
  /// @param scratch a folder that is empty or absent, and is removed
  SoakRunner(List<String> command, Path scratch) {
    this.command = List.copyOf(command);
    this.processes = Processes.openTemporary(scratch);
  }

  /// Has a soak go on; what it says is appended to a file in its folder.
  ///
  /// @throws dev.gretchen.chaos.EnvironmentFailure where no process can be started
  Child resume(SoakFolder soak) {
    List<String> line = new ArrayList<>(command);
    line.add("--resume=" + soak.path());
    line.add("--quiet");
    return processes.start(
        new Launch("soak-" + soak.path().getFileName(), line, HIDDEN, soak.path().resolve(LOG)));
  }

  /// Stops one in order where it lets itself be stopped so.
  static void stop(Child soak) {
    try {
      OptionalInt status = soak.terminate(STOP_MAX);
      if (status.isEmpty()) {
        soak.kill();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    processes.close();
  }
}
