package dev.gretchen.verifier.record;

import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.judge.RunFacts;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A run as its directory shows it: what it was asked to be, and what was judged of it.
///
/// @param facts what it was
/// @param entry what the record lists
/// @param verdict empty where there is none that can be read
public record RecordedRun(RunFacts facts, RunEntry entry, Optional<Verdict> verdict) {

  /// The name of folders with runs of something that is broken on purpose. They say nothing of how
  /// good an app is, and are no part of the record.
  public static final String CANARIES = "canaries";

  private static final int DEPTH = 4;

  /// All runs below a folder, or the one whose directory it is, in the order of their paths, which
  /// begin with the folder's. Runs of canaries are left out.
  public static List<RecordedRun> below(Path folder) {
    List<RecordedRun> runs = new ArrayList<>();
    for (Map.Entry<String, RunDirectory> run : RunFolders.below(folder).entrySet()) {
      String path = folder.resolve(run.getKey()).normalize().toString();
      RunReader.read(run.getValue(), path).ifPresent(runs::add);
    }
    return List.copyOf(runs);
  }

  /// One run.
  ///
  /// @param path how its entry names it
  /// @return empty if the folder is no run's directory
  public static Optional<RecordedRun> read(Path folder, String path) {
    return RunReader.read(new RunDirectory(folder), path);
  }

  /// The runs of canaries below a folder: of engines that are broken on purpose.
  public static List<RecordedRun> canariesBelow(Path folder) {
    try (Stream<Path> folders =
        Files.find(
            // what is below a link is looked into only where it is asked for by that name
            Files.isSymbolicLink(folder) ? folder.toRealPath() : folder,
            DEPTH,
            (path, attributes) -> attributes.isDirectory() && path.endsWith(CANARIES))) {
      return folders.sorted().flatMap(path -> below(path).stream()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into " + folder, e);
    }
  }

  /// All properties, none without a verdict.
  public List<Property> properties() {
    return verdict.map(Verdict::properties).orElse(List.of());
  }

  /// The faults with a proven effect, none without a verdict.
  public List<FaultOutcome> faults() {
    return verdict.stream()
        .flatMap(each -> each.faults().stream())
        .filter(FaultOutcome::proven)
        .toList();
  }

  /// Whether something happened that must never happen.
  public boolean violatesSafety() {
    return properties().stream()
        .anyMatch(
            property -> property.section() == Section.SAFETY && property.status() == Status.FAIL);
  }

  /// What makes the violation of one of its properties the same as one of another run; empty where
  /// the property did not fail.
  public Optional<String> violation(Property property) {
    return Fingerprint.of(property, faults());
  }
}
