package dev.gretchen.apps.feedchat.push;

import dev.gretchen.apps.feedchat.Recent;
import java.util.Optional;
import java.util.function.Consumer;

/// Asks whoever owns a room for its last posts. Does not wait.
@FunctionalInterface
public interface RoomLookup {

  /// Asks.
  ///
  /// @param atLeast what the answer's last index must be, or more: an owner that was deposed and
  ///   does not know it yet answers from the past
  /// @param told called once, on another thread, within a bound; empty if nobody could tell
  void ask(String room, long atLeast, Consumer<Optional<Recent>> told);
}
