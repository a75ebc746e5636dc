package dev.gretchen.verifier.soak;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The folder of a soak, `<runs>/soak/<utc>-<seed>/`: its campaign, its journal, its runs.
///
/// @param path the folder
public record SoakFolder(Path path) {

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String PARENT = "soak";
  private static final String CAMPAIGN = "campaign.yaml";
  private static final String CATALOGUE = "catalogue.md";

  /// Makes the folder of a new soak and points `latest` beside it to it.
  ///
  /// @param runs folder of all runs
  /// @param campaign its text
  /// @param limit how long its runs may take together, zero for no limit
  public static SoakFolder create(
      Path runs, String campaign, long seed, Duration limit, Instant now) {
    Path parent = runs.resolve(PARENT);
    Path path = parent.resolve(UTC.format(now) + "-" + seed);
    try {
      Files.createDirectories(path);
      Files.writeString(path.resolve(CAMPAIGN), campaign);
      Path latest = parent.resolve("latest");
      Files.deleteIfExists(latest);
      try {
        Files.createSymbolicLink(latest, path.getFileName());
      } catch (UnsupportedOperationException | FileAlreadyExistsException _) {
        // a file system without links, or another soak of the same moment: it goes on without
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create the folder " + path, e);
    }
    try (Journal journal = Journal.open(path)) {
      journal.append(
          new Entry.Begun(Entry.Begun.SCHEMA, seed, limit.toMillis(), now.toEpochMilli()));
    }
    return new SoakFolder(path);
  }

  /// Whether a soak can go on here.
  public boolean isSoak() {
    return Files.isRegularFile(path.resolve(Journal.FILE))
        && Files.isRegularFile(path.resolve(CAMPAIGN));
  }

  /// The soaks below a folder of runs, the latest first.
  public static List<SoakFolder> below(Path runs) {
    Path parent = runs.resolve(PARENT);
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(parent)) {
      return entries
          .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          .map(SoakFolder::new)
          .filter(SoakFolder::isSoak)
          .sorted(Comparator.comparing((SoakFolder each) -> each.path().toString()).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into " + parent, e);
    }
  }

  /// Writes what became of each kind of the catalogue so far.
  void write(String page) {
    try {
      Files.writeString(path.resolve(CATALOGUE), page);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path.resolve(CATALOGUE), e);
    }
  }

  /// What the soak was to be.
  SoakPlan plan(List<Entry> entries) {
    if (!entries.isEmpty()
        && entries.getFirst() instanceof Entry.Begun begun
        && begun.schema().equals(Entry.Begun.SCHEMA)) {
      return new SoakPlan(Campaign.read(path.resolve(CAMPAIGN)), begun.seed());
    }
    throw new EnvironmentFailure(
        path.resolve(Journal.FILE)
            + " does not say how the soak began; begin another with ./gretchen soak");
  }
}
