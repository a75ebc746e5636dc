package dev.gretchen.engine.internal.store;

import java.util.List;

/// The table partitions that a worker keeps. Two implementations, on disk and in memory, and one
/// conformance test for both.
public interface Store extends AutoCloseable {

  /// Opens a partition, empty if it is new; the same object at each call.
  StorePartition partition(String table, int partition);

  /// What there is on disk, whether or not anybody has opened it, in the order of names.
  List<Name> held();

  /// A partition of a table.
  record Name(String table, int partition) implements Comparable<Name> {

    /// From the text that [#toString] makes.
    public static Name parse(String text) {
      int dash = text.lastIndexOf('-');
      return new Name(text.substring(0, dash), Integer.parseInt(text.substring(dash + 1)));
    }

    @Override
    public int compareTo(Name other) {
      int byTable = table.compareTo(other.table);
      return byTable != 0 ? byTable : Integer.compare(partition, other.partition);
    }

    @Override
    public String toString() {
      return table + "-" + partition;
    }
  }

  /// Removes a partition that nobody uses: whoever still holds it finds it unavailable, whoever
  /// asks for it anew gets an empty one.
  ///
  /// @return false if a long read is under way, so that it was left for another time
  boolean drop(Name name);

  /// Makes what was applied survive a crash of the process. Without it a crash falls back to an
  /// earlier flush: data and position together.
  void flush();

  /// What it takes now, roughly; nothing where it cannot tell.
  default Taken taken() {
    return Taken.NOTHING;
  }

  /// Bytes that a store takes.
  ///
  /// @param files on disk
  /// @param memtables changes in memory that are not in files yet
  /// @param cache blocks of files kept in memory
  record Taken(long files, long memtables, long cache) {
    static final Taken NOTHING = new Taken(0, 0, 0);
  }

  /// Flushes and closes, after the uses that are under way; later ones throw [StoreUnavailable].
  @Override
  void close();
}
