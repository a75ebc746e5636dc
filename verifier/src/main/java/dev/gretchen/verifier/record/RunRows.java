package dev.gretchen.verifier.record;

import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a run into the tables of the index.
final class RunRows {

  private final Connection connection;

  RunRows(Connection connection) {
    this.connection = connection;
  }

  void insert(RecordedRun found, long stamp) throws SQLException {
    long id = run(found.entry(), stamp);
    properties(id, found);
    faults(id, found.faults());
  }

  private long run(RunEntry run, long stamp) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO run (path, stamp, app, seed, outcome, sentence, guarantee, started_at,
              ended_at, events, faults, sigkills, availability, p99, revision, throughput, p50,
              resident, growth)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id\
            """)) {
      Outcome outcome = run.outcome();
      Object[] values = {
        run.path(),
        stamp,
        run.app(),
        run.seed(),
        outcome == null ? null : outcome.name(),
        run.sentence(),
        run.guarantee(),
        run.startedAt(),
        run.endedAt(),
        run.events(),
        run.faults(),
        run.sigkills(),
        run.availability(),
        run.p99Millis(),
        run.commit(),
        run.figures().eventsPerSecond(),
        run.figures().p50Millis(),
        run.figures().residentMaxBytes(),
        run.figures().growthBytesPerHour()
      };
      bind(insert, values);
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private void properties(long run, RecordedRun found) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO property (run, name, section, status, compared, anomalies, detail,
              fingerprint)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
            """)) {
      for (Property property : found.properties()) {
        bind(
            insert,
            run,
            property.name(),
            property.section().name(),
            property.status().name(),
            property.compared(),
            property.anomalyCount(),
            property.detail(),
            Fingerprint.of(property, found.faults()).orElse(null));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private void faults(long run, List<FaultOutcome> faults) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO fault (run, id, kind, target, at, owned, others, usual, detected,
              first_output)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
            """)) {
      for (FaultOutcome fault : faults) {
        Map<String, Long> silence = fault.silence();
        bind(
            insert,
            run,
            fault.id(),
            fault.kind(),
            fault.target(),
            fault.at(),
            silence.get("owned"),
            silence.get("others"),
            silence.get("usual"),
            fault.phases().get("detected"),
            fault.phases().get("firstOutput"));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value == null) {
        statement.setNull(i + 1, Types.NULL);
      } else {
        statement.setObject(i + 1, value);
      }
    }
  }
}
