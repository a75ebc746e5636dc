package dev.gretchen.engine.internal.channel;

import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The channels of a worker, and the agents that read them.
///
/// What is in them is lost when the worker dies, and nothing brings it back. A worker that stops in
/// order lets the agents come to the end of what was sent, within a bound.
///
/// Started and stopped by whoever has made it; the rest on any thread.
public final class Channels {

  private final Map<String, Conduit> conduits = new LinkedHashMap<>();
  private final List<Reading> readings = new ArrayList<>();
  private final Surroundings surroundings;
  private final Monitor monitor;

  /// @param fatal told of what must stop the worker
  public Channels(
      List<ChannelSpec> specs,
      Surroundings surroundings,
      Meters meters,
      Consumer<Throwable> fatal) {
    this.surroundings = surroundings;
    this.monitor = surroundings.monitor();
    for (ChannelSpec spec : specs) {
      Conduit conduit = new Conduit(spec, surroundings);
      conduits.put(spec.name(), conduit);
      for (int line = 0; line < spec.readers().size(); line++) {
        readings.add(new Reading(this, conduit, line, surroundings, meters, fatal));
      }
    }
  }

  /// A channel by its name.
  ///
  /// @throws IllegalArgumentException if it is of another app
  public Conduit required(String name) {
    Conduit conduit = conduits.get(name);
    if (conduit == null) {
      throw new IllegalArgumentException(
          "channel " + name + " is not one of this worker's app; declare it with app.channel(...)");
    }
    return conduit;
  }

  /// As [#required], for whoever takes values by himself.
  ///
  /// @throws IllegalStateException if the channel has agents, which have them all
  public Conduit requiredWithoutAgents(String name) {
    Conduit conduit = required(name);
    if (!conduit.spec().readers().isEmpty()) {
      throw new IllegalStateException(
          "channel "
              + name
              + " is read by agent "
              + conduit.spec().readers().getFirst().agent()
              + ", to which its values go; take values of a channel without agents, or do it in an agent");
    }
    return conduit;
  }

  public void start() {
    readings.forEach(Reading::start);
  }

  void readingEnded() {
    monitor.signal();
  }

  /// Takes no more values, and waits until those that were sent have been read; what is not read
  /// within the bound is lost. The channels end in order of declaration, so that an agent of one
  /// may send to a later one until it has ended.
  public void stop(Duration bound) {
    long until = surroundings.nanoTime() + bound.toNanos();
    for (Conduit conduit : conduits.values()) {
      conduit.close();
      List<Reading> its = readings.stream().filter(reading -> reading.isOf(conduit)).toList();
      Duration left = Duration.ofNanos(Math.max(0, until - surroundings.nanoTime()));
      if (!monitor.await(() -> its.stream().allMatch(Reading::hasEnded), left)) {
        its.stream().filter(reading -> !reading.hasEnded()).forEach(Reading::cut);
      }
    }
  }
}
