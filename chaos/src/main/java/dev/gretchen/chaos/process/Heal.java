package dev.gretchen.chaos.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Cleans up after a run that could not do it itself, from its journal. Whoever runs it twice does
/// no harm, and a run that is under way is left alone.
public final class Heal {
  /// As deep as the runs of a soak's canaries lie below the folder of all runs.
  private static final int DEPTH_MAX = 6;

  private static final Duration GONE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Map<Path, List<String>> healed = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private final List<Path> underWay = new ArrayList<>();

  private Heal() {}

  /// What was done.
  ///
  /// @param healed by journal, what was cleaned up
  /// @param underWay journals of runs that still go on
  /// @param failures what could not be cleaned up, a sentence each
  public record Report(
      Map<Path, List<String>> healed, List<Path> underWay, List<String> failures) {}

  /// Cleans up after all runs below a folder.
  public static Report below(Path runs) throws InterruptedException {
    Heal heal = new Heal();
    for (Path journal : journals(runs)) {
      heal.heal(journal);
    }
    return new Report(heal.healed, heal.underWay, heal.failures);
  }

  private static List<Path> journals(Path runs) {
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> files =
        Files.find(runs, DEPTH_MAX, (path, _) -> path.endsWith(Leftovers.FILE))) {
      return files.sorted().toList();
    } catch (IOException _) {
      return List.of();
    }
  }

  private void heal(Path journal) throws InterruptedException {
    try {
      List<JsonNode> lines = read(journal);
      if (lines.isEmpty() || isAlive(lines.getFirst().path("controller").asString(""))) {
        underWay.add(journal);
        return;
      }
      List<String> done = new ArrayList<>();
      // processes first: they hold what is mounted
      for (Leftover leftover : open(lines)) {
        if (leftover instanceof Leftover.Running running && kill(running)) {
          done.add(running + " killed");
        }
      }
      for (Leftover leftover : open(lines).reversed()) {
        if (leftover instanceof Leftover.Mounted mounted && unmount(mounted)) {
          done.add(mounted + " removed");
        }
      }
      Path scratch = journal.resolveSibling("work");
      if (Files.exists(scratch)) {
        Folders.delete(scratch);
        done.add("scratch folder " + scratch + " removed");
      }
      healed.put(journal, done);
      Files.delete(journal);
    } catch (IOException e) {
      failures.add(journal + ": " + Folders.reason(e));
    }
  }

  /// A last line that was cut off by the crash counts for nothing: its thing never came into being.
  private static List<JsonNode> read(Path journal) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(journal)) {
      try {
        lines.add(JsonMapper.shared().readTree(line));
      } catch (JacksonException _) {
        break;
      }
    }
    return lines;
  }

  private static List<Leftover> open(List<JsonNode> lines) {
    Map<Long, Leftover> open = new LinkedHashMap<>();
    for (JsonNode line : lines) {
      long number = line.path("number").asLong(0);
      if (line.has("process")) {
        open.put(
            number,
            new Leftover.Running(line.path("name").asString(""), line.path("process").asString()));
      } else if (line.has("mount")) {
        open.put(number, new Leftover.Mounted(Path.of(line.path("mount").asString())));
      } else if (line.has("over")) {
        open.remove(line.path("over").asLong(0));
      }
    }
    return List.copyOf(open.values());
  }

  /// Whether the very process lives, and not another that got its pid. An orphan that was killed
  /// keeps its pid and its start time until the system's first process gets round to burying it.
  private static boolean isAlive(String token) {
    int colon = token.indexOf(':');
    if (colon < 0) {
      return false;
    }
    long pid = Long.parseLong(token.substring(0, colon));
    Optional<String> started = Signals.startTime(pid);
    return started.isPresent()
        && started.get().equals(token.substring(colon + 1))
        && !Signals.isUnburied(pid);
  }

  private boolean kill(Leftover.Running running) throws InterruptedException {
    if (!isAlive(running.token())) {
      return false;
    }
    Signals.send("KILL", Long.parseLong(running.token().replaceFirst(":.*", "")));
    long deadline = System.nanoTime() + GONE_TIMEOUT.toNanos();
    while (isAlive(running.token())) {
      if (System.nanoTime() > deadline) {
        failures.add(running + " is not gone " + GONE_TIMEOUT.toSeconds() + " s after SIGKILL");
        return false;
      }
      Thread.sleep(POLL);
    }
    return true;
  }

  private boolean unmount(Leftover.Mounted mounted) throws IOException, InterruptedException {
    if (!isMounted(mounted.folder())) {
      return false;
    }
    Process umount =
        new ProcessBuilder("umount", mounted.folder().toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (umount.waitFor(GONE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) && umount.exitValue() == 0) {
      return true;
    }
    failures.add(mounted + " cannot be removed: umount failed");
    return false;
  }

  /// Whether a file system is mounted there; blanks and the like stand in octal in that list.
  static boolean isMounted(Path folder) throws IOException {
    String wanted = folder.toString().replace("\\", "\\134").replace(" ", "\\040");
    try (Stream<String> mounts = Files.lines(Path.of("/proc/mounts"))) {
      return mounts.anyMatch(line -> line.split(" ", 3)[1].equals(wanted));
    }
  }
}
