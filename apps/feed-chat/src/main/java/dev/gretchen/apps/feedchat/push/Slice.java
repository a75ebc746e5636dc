package dev.gretchen.apps.feedchat.push;

import java.util.List;

/// What a room's log has from an index on.
sealed interface Slice {

  /// Posts without a hole, the first of that index.
  ///
  /// @param more whether the log has others behind them
  record Posts(List<HeldPost> posts, boolean more) implements Slice {}

  /// Nothing yet: that index comes next, or later.
  record UpToDate() implements Slice {}

  /// What was posted there is not in memory, or nobody here knows whether anything was.
  record Missing() implements Slice {}
}
