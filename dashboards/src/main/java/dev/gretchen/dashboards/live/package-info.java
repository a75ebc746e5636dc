/// What the live page shows, as a pure function of what happened:
/// [dev.gretchen.dashboards.live.LiveState] is folded from
/// [dev.gretchen.dashboards.live.LiveEvent]s and gives a [dev.gretchen.dashboards.live.LiveView].
/// No clock, no I/O, no thread: an instance belongs to one thread at a time.
@NullMarked
package dev.gretchen.dashboards.live;

import org.jspecify.annotations.NullMarked;
