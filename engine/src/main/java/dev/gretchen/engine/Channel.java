package dev.gretchen.engine;

import dev.gretchen.engine.internal.channel.Channels;
import dev.gretchen.engine.internal.channel.Conduit;
import dev.gretchen.engine.internal.channel.Reading;
import dev.gretchen.engine.internal.task.CurrentEvent;
import java.util.Objects;

/// A queue in the memory of one worker, from its handlers and other threads to its agents of the
/// channel, or to whoever takes from it ([ChannelEnd]). Declared by [App#channel]; each worker has
/// one of its own.
///
/// **Nothing keeps what is in it.** A value is no effect: it leaves at once, also where the event
/// that sends it fails, and once more where that is handled again; it never leaves the worker; and
/// a worker that dies takes it along. So it is for what may be lost and come twice: what is shown,
/// logged, counted on the side. Whatever must arrive goes through a [Topic].
///
/// **A full channel holds back** whoever sends, and with him the partition whose event he handles.
///
/// @param <T> type of the values
public final class Channel<T> {

  private final String name;

  Channel(String name) {
    this.name = name;
  }

  /// The name, unique in the app.
  public String name() {
    return name;
  }

  /// Sends a value, in a handler of an event or in an agent of another channel, and waits while the
  /// channel is full.
  ///
  /// @throws EventAbandoned if the worker has lost the event's partition or stopped meanwhile
  /// @throws DeadlinePassed if the time that the [FailurePolicy] allows is up
  /// @throws IllegalStateException outside handlers and agents, where [Worker#channel] sends; if
  ///   the worker stops; in an agent of this very channel
  public void send(T value) {
    Objects.requireNonNull(value, "a channel carries no null");
    Reading reading = Reading.current();
    if (reading != null) {
      reading.send(name, value);
    } else {
      requireHandling();
      CurrentEvent.required(toString()).toChannel(name, value);
    }
  }

  /// Sends a value if there is room for it at once; otherwise as [#send].
  ///
  /// @return whether there was
  public boolean offer(T value) {
    Objects.requireNonNull(value, "a channel carries no null");
    return conduit().offer(value);
  }

  private Conduit conduit() {
    Reading reading = Reading.current();
    if (reading != null) {
      return reading.channels().required(name);
    }
    requireHandling();
    Channels channels = CurrentEvent.required(toString()).channels(name);
    return channels.required(name);
  }

  private void requireHandling() {
    if (!CurrentEvent.isHandling()) {
      throw new IllegalStateException(
          this
              + " is sent to by Channel.send inside handlers, on the handler's own thread; elsewhere send by Worker.channel(channel)");
    }
  }

  @Override
  public String toString() {
    return "channel " + name;
  }
}
