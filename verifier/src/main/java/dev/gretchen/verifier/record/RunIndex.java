package dev.gretchen.verifier.record;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.judge.NotARunDirectory;
import dev.gretchen.verifier.verdict.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The record of all runs below a folder: an index of their verdicts, for questions about many.
///
/// **Source.** The directories are; the index holds nothing else, so [#refresh] takes in what has
/// changed since, and [#rebuild] reads all again. A run is read again when its verdict has changed;
/// one without a verdict each time.
///
/// **Several processes** may have the same index open: one that writes holds up others for as long
/// as a refresh takes. A process that is killed leaves the index as it was before its refresh.
///
/// For one thread.
public final class RunIndex implements AutoCloseable {

  private final Path runs;
  private final Connection connection;
  private boolean working;

  private RunIndex(Path runs, Connection connection) {
    this.runs = runs;
    this.connection = connection;
  }

  /// Opens the index of a folder, making it where there is none yet.
  ///
  /// @throws NotARunDirectory if there is no such folder
  /// @throws EnvironmentFailure if the index can neither be opened nor made
  public static RunIndex open(Path runs) {
    return open(runs, IndexFile.PATIENCE);
  }

  /// As [#open(Path)], with another patience where it is locked.
  static RunIndex open(Path runs, Duration patience) {
    if (!Files.isDirectory(runs)) {
      throw new NotARunDirectory(
          runs
              + " is not a folder of runs; name one with --runs, or make one with ./gretchen verify");
    }
    return new RunIndex(runs, IndexFile.open(runs, patience));
  }

  // taking in

  /// Takes in what has changed: runs that are new, were judged again, or are gone.
  ///
  /// @return how many of them
  public int refresh() {
    return work(() -> {
      Map<String, Long> known = stamps();
      Map<String, RunDirectory> there = RunFolders.below(runs);
      int changed = 0;
      Set<String> gone = new HashSet<>(known.keySet());
      gone.removeAll(there.keySet());
      for (String path : gone) {
        delete(path);
        changed++;
      }
      for (Map.Entry<String, RunDirectory> run : there.entrySet()) {
        long stamp = RunReader.stamp(run.getValue());
        Long before = known.get(run.getKey());
        if (before != null && before == stamp && stamp != 0) {
          continue;
        }
        Optional<RecordedRun> found = RunReader.read(run.getValue(), run.getKey());
        if (found.isPresent()) {
          delete(run.getKey());
          new RunRows(connection).insert(found.get(), stamp);
          changed++;
        }
      }
      return changed;
    });
  }

  /// Forgets everything and takes in all runs.
  ///
  /// @return how many there are
  public int rebuild() {
    return work(() -> {
      try (PreparedStatement delete = connection.prepareStatement("DELETE FROM run")) {
        delete.executeUpdate();
      }
      return refresh();
    });
  }

  private Map<String, Long> stamps() throws SQLException {
    Map<String, Long> stamps = new HashMap<>();
    try (PreparedStatement query = connection.prepareStatement("SELECT path, stamp FROM run");
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        stamps.put(rows.getString(1), rows.getLong(2));
      }
    }
    return stamps;
  }

  private void delete(String path) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement("DELETE FROM run WHERE path = ?")) {
      delete.setString(1, path);
      delete.executeUpdate();
    }
  }

  // questions

  /// The latest runs of those that are meant, the latest first.
  ///
  /// @param limit how many at the most
  public List<RunEntry> find(RunFilter filter, int limit) {
    Where where = Where.of(filter);
    return read(
        "SELECT * FROM run" + where.text() + " ORDER BY started_at DESC, path DESC LIMIT " + limit,
        where,
        RunIndex::entry);
  }

  private static RunEntry entry(ResultSet row) throws SQLException {
    return new RunEntry(
        row.getString("path"),
        row.getString("app"),
        row.getLong("seed"),
        outcome(row.getString("outcome")),
        row.getString("sentence"),
        row.getString("guarantee"),
        row.getLong("started_at"),
        row.getLong("ended_at"),
        row.getLong("events"),
        row.getInt("faults"),
        row.getInt("sigkills"),
        row.getDouble("availability"),
        row.getLong("p99"),
        row.getString("revision"),
        new RunFigures(
            row.getLong("throughput"),
            row.getLong("p50"),
            row.getLong("resident"),
            row.getLong("growth"),
            row.getLong("cpu")));
  }

  /// Runs without a verdict, the latest first: they go on, or were broken off.
  ///
  /// @param limit how many at the most
  public List<RunEntry> withoutVerdict(int limit) {
    Where where = Where.of(RunFilter.ALL).and("outcome IS NULL");
    return read(
        "SELECT * FROM run" + where.text() + " ORDER BY started_at DESC, path DESC LIMIT " + limit,
        where,
        RunIndex::entry);
  }

  /// The run that [RunEntry#id] names.
  public Optional<RunEntry> withId(String id) {
    return read(
            "SELECT * FROM run WHERE replace(path, '/', '~') = ? ORDER BY path LIMIT 1",
            new Where("", List.of(id)),
            RunIndex::entry)
        .stream()
        .findFirst();
  }

  /// What a run's directory shows.
  ///
  /// @param run one of this index
  /// @return empty if the directory is gone
  public Optional<RecordedRun> read(RunEntry run) {
    return RecordedRun.read(directory(run), run.path());
  }

  /// Where a run of this index lies.
  public Path directory(RunEntry run) {
    return runs.resolve(run.path());
  }

  /// What there is to filter by.
  public Choices choices() {
    return new Choices(
        names("SELECT DISTINCT app FROM run ORDER BY app"),
        names("SELECT DISTINCT kind FROM fault ORDER BY kind"),
        names(
            "SELECT revision FROM run WHERE revision <> ''"
                + " GROUP BY revision ORDER BY max(started_at) DESC"));
  }

  private List<String> names(String sql) {
    return read(sql, Where.of(RunFilter.ALL), row -> row.getString(1));
  }

  private static @Nullable Outcome outcome(@Nullable String name) {
    return name == null ? null : Outcome.valueOf(name);
  }

  /// How many of the runs that are meant ended how; those without a verdict are left out.
  public Map<Outcome, Long> outcomes(RunFilter filter) {
    Where where = Where.of(filter);
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    read(
            "SELECT outcome, count(*) FROM run"
                + where.and("outcome IS NOT NULL").text()
                + " GROUP BY outcome",
            where,
            row -> Map.entry(Outcome.valueOf(row.getString(1)), row.getLong(2)))
        .forEach(each -> counts.put(each.getKey(), each.getValue()));
    return counts;
  }

  /// What the runs that are meant say of the share that fails.
  public FailureRate failureRate(RunFilter filter) {
    Map<Outcome, Long> counts = outcomes(filter);
    long failed = counts.getOrDefault(Outcome.FAIL, 0L);
    return FailureRate.of(failed + counts.getOrDefault(Outcome.PASS, 0L), failed);
  }

  /// What was violated, most runs first.
  public List<Violation> violations(RunFilter filter) {
    Where where = Where.of(filter);
    Map<String, Violation> found = new LinkedHashMap<>();
    read(
            "SELECT fingerprint, anomalies, started_at, path, detail"
                + " FROM property JOIN run ON run.id = property.run"
                + where.and("fingerprint IS NOT NULL").text()
                + " ORDER BY started_at, path",
            where,
            RunIndex::violation)
        .forEach(each -> found.merge(each.fingerprint(), each, Violation::andLater));
    return found.values().stream()
        .sorted(
            Comparator.comparingInt(Violation::runs)
                .thenComparingLong(Violation::lastAt)
                .reversed()
                .thenComparing(Violation::fingerprint))
        .toList();
  }

  private static Violation violation(ResultSet row) throws SQLException {
    long startedAt = row.getLong("started_at");
    return new Violation(
        row.getString("fingerprint"),
        1,
        row.getLong("anomalies"),
        startedAt,
        startedAt,
        row.getString("path"),
        row.getString("detail"));
  }

  /// How takeovers went in the runs that are meant, by kind of fault, in the order of the kinds'
  /// names.
  public List<FaultFigures> faults(RunFilter filter) {
    Where where = Where.of(filter);
    return Trend.byKind(
        read(
            "SELECT fault.* FROM fault JOIN run ON run.id = fault.run" + where.text(),
            where,
            row -> FaultRow.of(row)));
  }

  /// How the runs that are meant went over time.
  ///
  /// @param limit how many of them, the latest, are looked at
  /// @return the oldest first
  public List<Trend> trend(RunFilter filter, Grouping grouping, int limit) {
    Where where = Where.of(filter);
    Map<String, List<FaultRow>> faults = new HashMap<>();
    read(
            "SELECT run.path, fault.* FROM fault JOIN run ON run.id = fault.run" + where.text(),
            where,
            row -> Map.entry(row.getString("path"), FaultRow.of(row)))
        .forEach(each ->
            faults.computeIfAbsent(each.getKey(), _ -> new ArrayList<>()).add(each.getValue()));
    return Trend.of(find(filter, limit).reversed(), faults, grouping);
  }

  // the database

  /// Reads one row.
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> read(String sql, Where where, RowReader<T> reader) {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      where.bind(query);
      try (ResultSet rows = query.executeQuery()) {
        List<T> found = new ArrayList<>();
        while (rows.next()) {
          found.add(reader.read(rows));
        }
        return found;
      }
    } catch (SQLException e) {
      throw unusable(e);
    }
  }

  @FunctionalInterface
  private interface Work {
    int perform() throws SQLException;
  }

  /// In one transaction, or in the one that is under way.
  ///
  /// Whether one is under way is not asked of the connection: the driver notes that it has begun
  /// one before it tries, also where another process does not let it.
  private int work(Work work) {
    boolean outermost = !working;
    working = true;
    try {
      if (outermost) {
        connection.setAutoCommit(false);
      }
      int done = work.perform();
      if (outermost) {
        connection.commit();
      }
      return done;
    } catch (SQLException e) {
      throw unusable(e);
    } finally {
      if (outermost) {
        working = false;
        leave();
      }
    }
  }

  /// Nothing is under way any more, whatever has happened; a commit left nothing to take back.
  private void leave() {
    try {
      connection.rollback();
    } catch (SQLException _) {
      // there was none, or it is gone
    }
    try {
      connection.setAutoCommit(true);
    } catch (SQLException _) {
      // it notes the change before it ends a transaction that may not be there
    }
  }

  private EnvironmentFailure unusable(SQLException cause) {
    return new EnvironmentFailure(
        "the index of runs %s cannot be used: %s; delete it, and it is made anew from the runs"
            .formatted(IndexFile.path(runs), cause.getMessage()),
        cause);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw unusable(e);
    }
  }
}
