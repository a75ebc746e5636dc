package dev.gretchen.verifier.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// The directory of one run, `<runs>/<workload>/<utc>-<seed>/`, and the names of all files in it.
///
/// @param path the directory
public record RunDirectory(Path path) {

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /// Creates the directory of a new run and points `latest` beside it to it.
  ///
  /// @throws UncheckedIOException where the disk does not let it
  public static RunDirectory create(Path runs, String workload, Instant utc, long seed) {
    Path parent = runs.resolve(workload);
    Path path = parent.resolve(UTC.format(utc) + "-" + seed);
    try {
      Files.createDirectories(path.resolve("history"));
      Files.createDirectories(path.resolve("evidence"));
      Files.createDirectories(path.resolve("logs"));
      Path latest = parent.resolve("latest");
      Files.deleteIfExists(latest);
      try {
        Files.createSymbolicLink(latest, path.getFileName());
      } catch (UnsupportedOperationException | FileAlreadyExistsException _) {
        // a file system without links, or another run of the same moment: the run goes on without
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create the run directory " + path, e);
    }
    return new RunDirectory(path);
  }

  /// When it was created, as its name says.
  ///
  /// @return empty where somebody has given it another name
  public Optional<Instant> createdAt() {
    String name = String.valueOf(path.getFileName());
    int end = name.indexOf('-');
    try {
      return end < 0
          ? Optional.empty()
          : Optional.of(UTC.parse(name.substring(0, end), Instant::from));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  /// What the run was: app, options, times.
  public Path env() {
    return path.resolve("env.json");
  }

  /// The plan of the faults.
  public Path plan() {
    return path.resolve("plan.json");
  }

  /// The app's descriptor, as it was when the run began.
  public Path descriptor() {
    return path.resolve("gretchen.yaml");
  }

  /// Injected and skipped faults, one line each.
  public Path faults() {
    return path.resolve("faults.ndjson");
  }

  /// Workers that ended by themselves, one line each.
  public Path exits() {
    return history().resolve("exits.ndjson");
  }

  /// The canonical verdict.
  public Path verdict() {
    return path.resolve("verdict.json");
  }

  /// The timeline, rendered from the history.
  public Path timeline() {
    return path.resolve("timeline.json");
  }

  /// There where the history was removed to save room, with a sentence that says so.
  public Path thinned() {
    return path.resolve("thinned.txt");
  }

  /// Where the processes of the run log to.
  public Path logs() {
    return path.resolve("logs");
  }

  /// Where evidence for anomalies goes.
  public Path evidence() {
    return path.resolve("evidence");
  }

  /// The observed log of a topic partition.
  public Path log(String topic, int partition) {
    return logs(topic).resolve(partition + ".log");
  }

  /// The observed logs of a topic.
  public Path logs(String topic) {
    return history().resolve("topics").resolve(topic);
  }

  /// The producer's acknowledgements of an input partition.
  public Path acks(int partition) {
    return history().resolve("acks").resolve(partition + ".log");
  }

  /// Samples of the group's offsets.
  public Path offsets() {
    return history().resolve("offsets.ndjson");
  }

  /// How far committed readers could read the topics of the app, and past which transactions not.
  public Path transactions() {
    return history().resolve("transactions.ndjson");
  }

  /// The calls that services saw.
  public Path calls() {
    return history().resolve("calls.ndjson");
  }

  /// What each service of the run was.
  public Path services() {
    return history().resolve("services.ndjson");
  }

  /// What workers' processes had resident.
  public Path memory() {
    return history().resolve("memory.ndjson");
  }

  /// The mails that a mailer says it has sent.
  public Path mails() {
    return history().resolve("mails.ndjson");
  }

  /// What workers told of their stores.
  public Path stores() {
    return history().resolve("stores.ndjson");
  }

  /// The entries of a table partition as a worker told them.
  public Path storeEntries(String table, int partition, String worker) {
    return history().resolve("store").resolve(table).resolve(partition + "-" + worker + ".log");
  }

  /// Where the history is.
  public Path history() {
    return path.resolve("history");
  }
}
