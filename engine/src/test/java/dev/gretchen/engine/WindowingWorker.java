package dev.gretchen.engine;

import java.time.Duration;
import java.util.Arrays;

/// A worker as a process of its own that counts by window, for tests that kill it. Its first
/// argument is the app's name.
final class WindowingWorker {

  /// How long its windows are.
  static final Duration SIZE = Duration.ofSeconds(10);

  /// How long they wait for late events, and how long they are kept.
  static final Duration RETENTION = Duration.ofSeconds(5);

  private WindowingWorker() {}

  /// Counts the events of `<name>-in` by key and window of event time. What has closed goes to
  /// `<name>-closed` as `start=count`, what comes too late to `<name>-late`.
  static App app(String name) {
    App app = App.named(name);
    Topic<String, String> in = app.topic(name + "-in", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> closed = app.topic(name + "-closed", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> late = app.topic(name + "-late", Codecs.utf8(), Codecs.utf8());
    WindowedTable<String, String> counts =
        app.table("counts", Codecs.utf8(), Codecs.utf8(), () -> "0")
            .tumbling(SIZE)
            .retained(RETENTION)
            .lateTo(late)
            .onClose(window ->
                closed.send(window.key(), window.window().start() + "=" + window.value()));
    app.agent(
            "count",
            in,
            event ->
                counts.merge(
                    event.key(), 1L, (before, one) -> Long.toString(Long.parseLong(before) + one)))
        .uses(counts);
    return app;
  }

  public static void main(String[] arguments) {
    String[] options = Arrays.copyOfRange(arguments, 1, arguments.length);
    Worker.main(options, _ -> app(arguments[0]));
  }
}
