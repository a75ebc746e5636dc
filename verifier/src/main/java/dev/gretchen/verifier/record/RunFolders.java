package dev.gretchen.verifier.record;

import dev.gretchen.verifier.history.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Finds the directories of runs below a folder.
final class RunFolders {

  /// Workloads, and what groups them.
  private static final int DEPTH = 4;

  private RunFolders() {}

  /// All runs, by their paths relative to the folder. Links such as `latest` are not followed, or a
  /// run would be there twice.
  static SortedMap<String, RunDirectory> below(Path runs) {
    SortedMap<String, RunDirectory> found = new TreeMap<>();
    collect(runs, runs, DEPTH, found);
    return found;
  }

  private static void collect(
      Path runs, Path folder, int depth, SortedMap<String, RunDirectory> found) {
    RunDirectory run = new RunDirectory(folder);
    if (Files.isRegularFile(run.env())) {
      found.put(runs.relativize(folder).toString().replace('\\', '/'), run);
      return;
    }
    if (depth == 0) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          .filter(entry -> !entry.endsWith(RecordedRun.CANARIES))
          .forEach(entry -> collect(runs, entry, depth - 1, found));
    } catch (NoSuchFileException _) {
      // removed while it was looked at
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into " + folder, e);
    }
  }
}
