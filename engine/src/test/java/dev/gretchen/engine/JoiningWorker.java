package dev.gretchen.engine;

import java.time.Duration;
import java.util.Arrays;

/// A worker as a process of its own that joins, for tests that kill it. Its first argument is the
/// app's name.
final class JoiningWorker {

  /// How long after a search its clicks come.
  static final Duration AFTER = Duration.ofSeconds(2);

  private JoiningWorker() {}

  /// Joins `<name>-searches` with their clicks, and `<name>-users` with their addresses, as tables.
  /// What comes of it goes to `<name>-found` and `<name>-profiles` as `left+right`, with `-` for
  /// nobody.
  static App app(String name) {
    App app = App.named(name);
    Topic<String, String> searches = app.topic(name + "-searches", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> clicks = app.topic(name + "-clicks", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> found = app.topic(name + "-found", Codecs.utf8(), Codecs.utf8());
    app.join("found", searches, clicks, JoinWindow.between(Duration.ZERO, AFTER))
        .left(joined -> found.send(joined.key(), text(joined)));

    Topic<String, String> users = app.topic(name + "-users", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> addresses = app.topic(name + "-addresses", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> profiles = app.topic(name + "-profiles", Codecs.utf8(), Codecs.utf8());
    app.joinTables("profiles", users, addresses)
        .outer(row -> {
          if (row.isGone()) {
            profiles.sendTombstone(row.key());
          } else {
            profiles.send(row.key(), text(row));
          }
        });
    return app;
  }

  private static String text(Joined<String, String, String> joined) {
    return (joined.hasLeft() ? joined.left() : "-")
        + "+"
        + (joined.hasRight() ? joined.right() : "-");
  }

  public static void main(String[] arguments) {
    String[] options = Arrays.copyOfRange(arguments, 1, arguments.length);
    Worker.main(options, _ -> app(arguments[0]));
  }
}
