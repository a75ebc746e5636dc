package dev.gretchen.verifier.run;

import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.chaos.worker.WorkerCommand;
import dev.gretchen.verifier.judge.RunFacts;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/// The start-up cache of an app's workers (JEP 483 and 514): a worker that is started once with
/// `-XX:AOTCacheOutput` leaves, at its end, a file with which later ones start in less than half
/// the time and CPU. A run starts workers a dozen times on a busy machine, so this is time for
/// faults.
///
/// An app asks for it with `-XX:AOTCache={aot-cache}` in its command. The file is made on this
/// machine, at the first run after a build, beside the app's jars; its name holds a hash of the
/// command and its jars, so that it is never used for others. Where it cannot be made, the JVM goes
/// without.
public final class StartUpCache {

  private static final String OPTION = "-XX:AOTCache=";
  private static final String TRAINING = "-XX:AOTCacheOutput=";
  private static final Duration TRAINING_BOUND = Duration.ofSeconds(12);
  private static final Duration WRITING_BOUND = Duration.ofSeconds(60);
  private static final String WORKER = RunFacts.TRAINING_WORKER;

  private final Path folder;

  /// @param folder where caches are kept
  public StartUpCache(Path folder) {
    this.folder = folder;
  }

  /// The file for a command: a name, whether it is there or not.
  ///
  /// @param command with all values but those of a single worker; what differs from run to run does
  ///   not matter
  public Path file(WorkerCommand command) {
    List<String> line = command.resolve(Map.of("worker", "", "state-dir", "", "http-port", ""));
    return folder.resolve("workers-" + hash(line) + ".aot");
  }

  /// Makes the file where the command asks for it and it is missing. Costs one start and one end of
  /// a worker.
  ///
  /// @param command with all values but those of a single worker
  /// @param file where it belongs
  public void prepare(Processes processes, WorkerCommand command, Path file, Path logs)
      throws InterruptedException {
    boolean asked = command.template().stream().anyMatch(argument -> argument.startsWith(OPTION));
    if (!asked || Files.exists(file)) {
      return;
    }
    Path state = processes.scratch().resolve("state").resolve(WORKER);
    List<String> line = new ArrayList<>();
    for (String argument :
        command.resolve(
            Map.of("worker", WORKER, "state-dir", state.toString(), "http-port", "0"))) {
      line.add(argument.startsWith(OPTION) ? TRAINING + file : argument);
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException _) {
      return;
    }
    Child child =
        processes.start(
            new Launch(WORKER, line, command.environment(), logs.resolve(WORKER + ".log")));
    // it joins the group and has nothing to do: what is loaded by then is what each worker loads
    if (!child.awaitExit(TRAINING_BOUND)) {
      child.terminate(WRITING_BOUND);
    }
    if (child.isAlive()) {
      child.kill();
    }
  }

  private static String hash(List<String> line) {
    CRC32C hash = new CRC32C();
    hash.update(System.getProperty("java.vm.version").getBytes(StandardCharsets.UTF_8));
    for (String argument : line) {
      if (argument.startsWith("-X") && !argument.startsWith(OPTION)) {
        hash.update(argument.getBytes(StandardCharsets.UTF_8));
      }
      for (String entry : argument.split(File.pathSeparator, -1)) {
        File jar = new File(entry);
        if (entry.endsWith(".jar") && jar.isFile()) {
          hash.update((entry + jar.length() + jar.lastModified()).getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return HexFormat.of().toHexDigits((int) hash.getValue());
  }
}
