package dev.gretchen.engine;

/// Turns values into bytes and back. Called from several threads at once, so an implementation
/// keeps no state, and never waits.
///
/// @param <T> what is encoded; never null (a null key or value never reaches a codec)
public interface Codec<T> {

  /// The bytes of a value.
  byte[] encode(T value);

  /// The value of some bytes.
  ///
  /// @throws RuntimeException where the bytes are no value; the record that held them goes to the
  ///   dead-letter topic
  T decode(byte[] bytes);

  /// Whether [#encode] gives, for what [#decode] has made of some bytes, those very bytes again,
  /// whatever they are. The engine then needs not encode an event's own key; say so only where it
  /// is sure, as it is not of JSON, which can be written with more or less space.
  default boolean isOneToOne() {
    return false;
  }
}
