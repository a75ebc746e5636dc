package dev.gretchen.engine.internal.ask;

import org.jspecify.annotations.Nullable;

/// What is asked.
///
/// @param idempotencyKey the same each time this is asked anew; null where it is asked once
@SuppressWarnings("ArrayRecordComponent")
public record Question(byte[] key, byte[] value, @Nullable String idempotencyKey) {

  /// One that is asked once.
  public Question(byte[] key, byte[] value) {
    this(key, value, null);
  }

  /// The same with an idempotency key.
  public Question keyed(@Nullable String newKey) {
    return new Question(key, value, newKey);
  }
}
