package dev.gretchen.engine;

/// A worker as a process of its own, for tests that kill it. Its first argument is the app's name.
final class CountingWorker {

  private CountingWorker() {}

  /// Counts the events of `<name>-in` by key.
  static App app(String name) {
    App app = App.named(name);
    Topic<String, String> in = app.topic(name + "-in", Codecs.utf8(), Codecs.utf8());
    Table<String, String> counts = app.table("count", Codecs.utf8(), Codecs.utf8(), () -> "0");
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
    String[] options = java.util.Arrays.copyOfRange(arguments, 1, arguments.length);
    Worker.main(options, _ -> app(arguments[0]));
  }
}
