package dev.gretchen.verifier.record;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The file of the index: an SQLite database beside the runs.
///
/// One that another version has made is emptied; one that is no database is deleted. Where the
/// folder cannot be written to, the index lives in memory, for as long as it is open.
final class IndexFile {

  private static final String NAME = ".record.db";

  /// Raised with each change of [#TABLES].
  private static final int VERSION = 3;

  /// How long one waits for another process that takes runs in.
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String[] TABLES = {
    """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, stamp INTEGER NOT NULL,
      app TEXT NOT NULL, seed INTEGER NOT NULL, outcome TEXT, sentence TEXT NOT NULL,
      guarantee TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
      events INTEGER NOT NULL, faults INTEGER NOT NULL, sigkills INTEGER NOT NULL,
      availability REAL NOT NULL, p99 INTEGER NOT NULL, revision TEXT NOT NULL,
      throughput INTEGER NOT NULL, p50 INTEGER NOT NULL, resident INTEGER NOT NULL,
      growth INTEGER NOT NULL, cpu INTEGER NOT NULL)\
    """,
    "CREATE INDEX run_by_start ON run (started_at)",
    """
    CREATE TABLE property (
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, name TEXT NOT NULL,
      section TEXT NOT NULL, status TEXT NOT NULL, compared INTEGER NOT NULL,
      anomalies INTEGER NOT NULL, detail TEXT NOT NULL, fingerprint TEXT)\
    """,
    "CREATE INDEX property_by_run ON property (run)",
    "CREATE INDEX property_by_fingerprint ON property (fingerprint)",
    """
    CREATE TABLE fault (
      run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, id TEXT NOT NULL,
      kind TEXT NOT NULL, target TEXT NOT NULL, at INTEGER NOT NULL, owned INTEGER,
      others INTEGER, usual INTEGER, detected INTEGER, first_output INTEGER)\
    """,
    "CREATE INDEX fault_by_run ON fault (run)",
    "CREATE INDEX fault_by_kind ON fault (kind)"
  };

  private IndexFile() {}

  static Path path(Path runs) {
    return runs.resolve(NAME);
  }

  /// Opens it, with its tables.
  ///
  /// @param patience how long its users wait where another process has it locked
  static Connection open(Path runs, Duration patience) {
    Path file = path(runs);
    try {
      return prepared("jdbc:sqlite:" + file, patience);
    } catch (SQLiteException e) {
      if (e.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB
          || e.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT) {
        return anew(file, patience);
      }
      if (!Files.isWritable(runs)) {
        return inMemory();
      }
      throw unusable(file, e);
    } catch (SQLException e) {
      throw unusable(file, e);
    }
  }

  private static Connection anew(Path file, Duration patience) {
    try {
      Files.delete(file);
      Files.deleteIfExists(Path.of(file + "-wal"));
      Files.deleteIfExists(Path.of(file + "-shm"));
      return prepared("jdbc:sqlite:" + file, patience);
    } catch (IOException | SQLException e) {
      throw unusable(file, e);
    }
  }

  private static Connection inMemory() {
    try {
      return prepared("jdbc:sqlite::memory:", PATIENCE);
    } catch (SQLException e) {
      throw new EnvironmentFailure("no index of runs can be made in memory: " + e.getMessage(), e);
    }
  }

  private static EnvironmentFailure unusable(Path file, Exception cause) {
    return new EnvironmentFailure(
        "the index of runs %s cannot be opened: %s; delete it, and it is made anew from the runs"
            .formatted(file, cause.getMessage()),
        cause);
  }

  private static Connection prepared(String url, Duration patience) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.enforceForeignKeys(true);
    config.setBusyTimeout((int) patience.toMillis());
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // a power cut may cost the latest refresh; the runs are all there
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    // a refresh reads before it writes: two of them must not both begin, and then wait for another
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    Connection connection = config.createConnection(url);
    try {
      requireTables(connection);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void requireTables(Connection connection) throws SQLException {
    if (version(connection) == VERSION) {
      return;
    }
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      // another process may have been quicker
      if (version(connection) != VERSION) {
        for (String table : new String[] {"fault", "property", "run"}) {
          statement.executeUpdate("DROP TABLE IF EXISTS " + table);
        }
        for (String table : TABLES) {
          statement.executeUpdate(table);
        }
        statement.executeUpdate("PRAGMA user_version = " + VERSION);
      }
      connection.commit();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      return row.next() ? row.getInt(1) : 0;
    }
  }
}
