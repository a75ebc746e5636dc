package dev.gretchen.engine;

import dev.gretchen.engine.internal.join.Side;

/// What a join gives beside pairs.
enum JoinKind {
  /// Nothing.
  INNER,
  /// Left values without a right one.
  LEFT,
  /// Values of either side without one of the other.
  OUTER;

  /// Whether a value of a side is told where there is none of the other.
  boolean tells(Side alone) {
    return this == OUTER || (this == LEFT && alone == Side.LEFT);
  }

  /// Whether there is a row where there are these values.
  boolean hasRow(boolean left, boolean right) {
    return (left && right) || (left && tells(Side.LEFT)) || (right && tells(Side.RIGHT));
  }
}
