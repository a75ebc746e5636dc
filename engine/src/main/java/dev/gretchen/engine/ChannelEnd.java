package dev.gretchen.engine;

import dev.gretchen.engine.internal.ask.Patience;
import dev.gretchen.engine.internal.channel.Channels;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// A worker's end of a [Channel], for whoever is no handler; from any thread.
///
/// @param <T> type of the values
public final class ChannelEnd<T> {

  private final Channel<T> channel;
  private final Channels channels;

  ChannelEnd(Channel<T> channel, Channels channels) {
    this.channel = channel;
    this.channels = channels;
  }

  /// Sends a value, and waits while the channel is full.
  ///
  /// @return whether it was sent within the bound
  /// @throws IllegalStateException if the worker stops or has stopped, or the thread is interrupted
  public boolean send(T value, Duration within) {
    Objects.requireNonNull(value, "a channel carries no null");
    return channels.required(channel.name()).send(value, within, Patience.PLAIN);
  }

  /// Takes the next value, and waits for it. Of those who take, each value has one.
  ///
  /// @return empty if none has come within the bound, or the worker has stopped and none is left
  /// @throws IllegalStateException if the channel has agents, which have all its values, or the
  ///   thread is interrupted
  public Optional<T> take(Duration within) {
    @SuppressWarnings("unchecked") // as all that was sent
    T value = (T) channels.requiredWithoutAgents(channel.name()).take(within);
    return Optional.ofNullable(value);
  }
}
