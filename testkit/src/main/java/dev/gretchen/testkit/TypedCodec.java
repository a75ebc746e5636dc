package dev.gretchen.testkit;

import dev.gretchen.engine.Codec;
import org.jspecify.annotations.Nullable;

/// A codec of the app, met by values of any type; what it cannot do is said in one sentence.
///
/// @param what for instance `topic words: value`
record TypedCodec<T>(String what, Codec<T> codec) {

  /// @throws IllegalArgumentException if the value is of another type than the codec's
  @SuppressWarnings("unchecked") // the codec itself finds out, and the sentence says so
  byte @Nullable [] encode(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    try {
      return ((Codec<Object>) codec).encode(value);
    } catch (RuntimeException refused) {
      throw new IllegalArgumentException(
          what
              + ": the app's codec takes no "
              + value.getClass().getTypeName()
              + ", found "
              + value
              + " ("
              + refused.getMessage()
              + ")",
          refused);
    }
  }

  /// @throws IllegalStateException if the bytes are no value of the codec
  @Nullable T decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return codec.decode(bytes);
    } catch (RuntimeException refused) {
      throw new IllegalStateException(
          what + ": the app's codec cannot read what was written: " + refused.getMessage(),
          refused);
    }
  }
}
