/// Who holds what: the group's tasks, standbys and warm-ups, shared out by whichever member leads.
/// Pure functions of what the members report, but for the one class that Kafka's client calls, on
/// the polling thread.
@NullMarked
package dev.gretchen.engine.internal.assign;

import org.jspecify.annotations.NullMarked;
