package dev.gretchen.chaos.proxy;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// Which way bytes go.
public enum Direction {
  /// Requests.
  TO_BROKER,
  /// Responses.
  FROM_BROKER;

  public static final Set<Direction> BOTH =
      Collections.unmodifiableSet(EnumSet.allOf(Direction.class));
}
