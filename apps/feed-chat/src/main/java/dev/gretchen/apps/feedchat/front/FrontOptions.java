package dev.gretchen.apps.feedchat.front;

import dev.gretchen.apps.feedchat.push.PushSettings;
import dev.gretchen.engine.WorkerOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the command line says of the front; docs/chat.md lists the options.
///
/// @param withholds whether posts of banned users are stopped at the push
public record FrontOptions(
    boolean withholds,
    PushSettings push,
    int postsPerSecond,
    int postsAtOnce,
    int connectionsMax,
    Access access) {

  /// Who may connect, and who may ban.
  record Access(Origins origins, ModeratorToken token) {}

  /// Takes the options.
  ///
  /// @param token of the environment, or null
  /// @throws IllegalArgumentException naming the one that is not understood
  public static FrontOptions of(WorkerOptions options, @Nullable String token) {
    String withhold = options.take("withhold", "push");
    if (!withhold.equals("push") && !withhold.equals("never")) {
      throw new IllegalArgumentException(
          "--withhold: expected push or never, found '" + withhold + "'");
    }
    return new FrontOptions(
        withhold.equals("push"),
        PushSettings.standard(Duration.ofMillis(number(options, "coalesce", 50, 0, 5_000))),
        number(options, "posts-per-second", 5, 1, 1_000_000),
        number(options, "posts-at-once", 20, 1, 1_000_000),
        number(options, "connections-max", 18_000, 1, 1_000_000),
        new Access(
            Origins.parse(options.take("origins", "")),
            ModeratorToken.of(token, options.take("moderator-token-file", ""))));
  }

  private static int number(
      WorkerOptions options, String name, int byDefault, int least, int most) {
    String text = options.take(name, Integer.toString(byDefault));
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below, with what is expected
    }
    throw new IllegalArgumentException(
        "--"
            + name
            + ": expected a number from "
            + least
            + " to "
            + most
            + ", found '"
            + text
            + "'");
  }
}
