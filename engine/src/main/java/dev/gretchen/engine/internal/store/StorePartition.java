package dev.gretchen.engine.internal.store;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One partition of one table: committed data and the position that belongs to it, never one
/// without the other.
///
/// [#get] and [#snapshot] may overlap with anything. Writes name the claim under which they are
/// made, and one made under a claim that has passed on does nothing: so a commit that ends late
/// cannot interfere with the recovery that has taken over.
public interface StorePartition {

  /// The value of a key, or null.
  byte @Nullable [] get(byte[] key);

  /// Where the store stands.
  Position position();

  /// Takes the right to write; waits for a write in progress.
  ///
  /// @param claim greater than every claim before it
  void claim(long claim);

  /// Applies changes and the position that they lead to, in one batch.
  ///
  /// @return false if the claim has passed on, and nothing was done
  boolean apply(long claim, List<Change> changes, Position position);

  /// Begins to fill it with what a changelog holds.
  ///
  /// @param claim under which it is filled
  /// @param records about how many there will be, which decides how it is done
  default Load load(long claim, long records) {
    return new BatchLoad(this, claim);
  }

  /// Notes that the store held all that was committed at a moment; nothing on a store without
  /// position.
  void touch(long claim, long caughtUpAtMillis);

  /// Throws everything away, the position included.
  void wipe(long claim);

  /// Keys in order, from a key on while they satisfy a condition, at most a number of them.
  List<byte[]> keys(byte[] from, Predicate<byte[]> whileTrue, int limit);

  /// A consistent view of data and position.
  Snapshot snapshot();

  /// A view that does not change; to be closed.
  interface Snapshot extends AutoCloseable {

    Position position();

    /// Visits all entries in key order, reserved keys included.
    void forEach(Visitor visitor);

    @Override
    void close();
  }

  /// Takes one entry.
  @FunctionalInterface
  interface Visitor {
    void visit(byte[] key, byte[] value);
  }
}
