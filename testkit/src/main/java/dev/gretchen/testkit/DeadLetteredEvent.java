package dev.gretchen.testkit;

import org.jspecify.annotations.Nullable;

/// An event that went to the dead-letter topic.
///
/// @param source where it was: `topic-partition@offset`
/// @param key as the source's codec reads it; the bytes where it cannot; null where there is none
/// @param value as the key
/// @param reason one sentence
/// @param stack of what the handler threw; empty where nothing was thrown
public record DeadLetteredEvent(
    String source, @Nullable Object key, @Nullable Object value, String reason, String stack) {

  @Override
  public String toString() {
    return source + " " + key + "=" + value + ": " + reason;
  }
}
