package dev.gretchen.engine;

import dev.gretchen.engine.internal.task.CurrentEvent;
import org.jspecify.annotations.Nullable;

/// What becomes of events that come too late for a window of a table. Complete before the worker
/// starts.
final class LateEvents {

  private final App app;
  private final String table;
  private @Nullable String topic;

  LateEvents(App app, String table) {
    this.app = app;
    this.table = table;
  }

  void to(Topic<?, ?> chosen) {
    app.requireOwn("table " + table + ": ", chosen);
    topic = chosen.name();
  }

  /// The current event has missed windows: each is counted, and the event is sent once.
  ///
  /// @param first start of the first that it missed
  /// @param last start of the last one
  void met(CurrentEvent event, long first, long last, long step) {
    StringBuilder starts = new StringBuilder();
    for (long start = first; start <= last; start += step) {
      event.late(table);
      starts.append(starts.isEmpty() ? "" : ",").append(start);
    }
    if (topic != null) {
      event.sendLate(topic, table, starts.toString());
    }
  }
}
