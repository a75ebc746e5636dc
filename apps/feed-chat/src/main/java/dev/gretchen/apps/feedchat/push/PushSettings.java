package dev.gretchen.apps.feedchat.push;

import java.time.Duration;

/// How posts are pushed, and how long clients are borne with.
///
/// @param coalesce posts of a room that come within so long leave in one frame; zero for a frame
///   for each post
/// @param ping how often a client is asked for a sign of life
/// @param silence a client that has given none for so long is dropped
/// @param greeting a client that has not said who it is for so long is dropped
/// @param stall a client that has taken nothing for so long, though something waits, is dropped
/// @param goodbye a client that was told goodbye is cut off after so long
public record PushSettings(
    Duration coalesce,
    Duration ping,
    Duration silence,
    Duration greeting,
    Duration stall,
    Duration goodbye) {

  private static final Duration COALESCE_MAX = Duration.ofSeconds(5);

  public PushSettings {
    if (coalesce.isNegative() || coalesce.compareTo(COALESCE_MAX) > 0) {
      throw new IllegalArgumentException(
          "posts are held back for 0 to "
              + COALESCE_MAX.toMillis()
              + " ms, found "
              + coalesce.toMillis());
    }
  }

  /// What docs/chat.md promises.
  public static PushSettings standard(Duration coalesce) {
    return new PushSettings(
        coalesce,
        Duration.ofSeconds(20),
        Duration.ofSeconds(45),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ofSeconds(2));
  }
}
