package dev.gretchen.engine.internal.topology;

import dev.gretchen.engine.Codec;
import dev.gretchen.engine.internal.store.ByteKey;

/// What an app does with a window of a table that has closed.
public interface WindowClosing {

  /// How the window's value is stored.
  Codec<?> stored();

  /// The value as its dead letter has it.
  ///
  /// @param value as [#stored] reads it
  @SuppressWarnings("unchecked") // it was read with this very codec
  default byte[] letter(Object value) {
    return ((Codec<Object>) stored()).encode(value);
  }

  /// Binds the handler to a window.
  ///
  /// @param window as the store knows it
  /// @param value as [#stored] reads it
  /// @return run once an attempt
  /// @throws RuntimeException where the window's key cannot be decoded
  AgentSpec.Call bind(ByteKey window, Object value);
}
