package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.lane.KeyedLineup;
import dev.gretchen.engine.internal.lane.Lineup;
import dev.gretchen.engine.internal.lane.Stragglers;

/// What the concurrent tasks of a worker share.
///
/// @param lineups makes the line in which a task's events stand
/// @param stragglers handlers that go on though their task has ended
public record LaneContext(Lineup.Maker lineups, Stragglers stragglers) {

  /// As it is shipped.
  public static LaneContext standard() {
    return new LaneContext(KeyedLineup::new, new Stragglers());
  }
}
