package dev.gretchen.engine;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a join gives its handler: a left and a right value of one key, or one of them alone.
/// Immutable.
///
/// @param <K> type of the keys
/// @param <L> type of the left values
/// @param <R> type of the right values
public final class Joined<K, L, R> {

  private final K key;
  private final @Nullable L left;
  private final @Nullable R right;
  private final long timestamp;

  Joined(K key, @Nullable L left, @Nullable R right, long timestamp) {
    this.key = key;
    this.left = left;
    this.right = right;
    this.timestamp = timestamp;
  }

  /// The key of both.
  public K key() {
    return key;
  }

  /// The left value.
  ///
  /// @throws IllegalStateException if there is none; ask [#hasLeft] first in an outer join
  public L left() {
    if (left == null) {
      throw new IllegalStateException(this + " has no left value; ask hasLeft() first");
    }
    return left;
  }

  /// Whether there is a left value.
  public boolean hasLeft() {
    return left != null;
  }

  /// The right value.
  ///
  /// @throws IllegalStateException if there is none; ask [#hasRight] first in a left or outer join
  public R right() {
    if (right == null) {
      throw new IllegalStateException(this + " has no right value; ask hasRight() first");
    }
    return right;
  }

  /// Whether there is a right value.
  public boolean hasRight() {
    return right != null;
  }

  /// In a join of two tables: the key has no row any more, for which the handler may send a
  /// tombstone.
  public boolean isGone() {
    return left == null && right == null;
  }

  /// Event time in epoch milliseconds: of two events that have met the later one's, otherwise that
  /// of the event that it comes from. What the handler sends has this timestamp.
  public long timestamp() {
    return timestamp;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Joined<?, ?, ?> that
        && key.equals(that.key)
        && Objects.equals(left, that.left)
        && Objects.equals(right, that.right)
        && timestamp == that.timestamp;
  }

  @Override
  public int hashCode() {
    return Objects.hash(key, left, right, timestamp);
  }

  @Override
  public String toString() {
    return "joined " + key + ": " + left + " + " + right + " at " + timestamp;
  }
}
