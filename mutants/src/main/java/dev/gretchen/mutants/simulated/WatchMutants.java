package dev.gretchen.mutants.simulated;

import dev.gretchen.engine.internal.watch.WatchSettings;
import dev.gretchen.simulation.Engines;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;

/// Engines that go wrong where workers watch each other.
final class WatchMutants {

  private WatchMutants() {}

  /// One watcher's word is enough, however many there are.
  static Engines evictsOnOneWord() {
    return new Engines(
        parts -> parts.withWatch(WatchSettings.standard().withWatchersMin(1)),
        UnaryOperator.identity());
  }

  /// Whoever sends pulses is well, whatever its poll loop does.
  static Engines stallsUnseen() {
    WatchSettings sound = WatchSettings.standard();
    WatchSettings blind =
        new WatchSettings(
            sound.pulseEvery(),
            sound.silentAfter(),
            Duration.ofHours(1),
            sound.heldUpAfter(),
            sound.turn(),
            sound.turnOfTheDead(),
            sound.askedAgainAfter(),
            sound.watchersMin(),
            sound.evictionsMax(),
            sound.backoff(),
            sound.backoffMax());
    return new Engines(parts -> parts.withWatch(blind), UnaryOperator.identity());
  }

  /// Fences somebody else.
  static Engines evictsWithoutFencing() {
    return new Engines(
        UnaryOperator.identity(),
        OtherClients.admins((_, _) ->
            (method, arguments, onwards) -> {
              if (method.equals("fenceProducers")) {
                arguments[0] = List.of("nobody");
              }
              return onwards.call();
            }));
  }

  /// Is not told that it has lost its partitions, so nothing is voided.
  static Engines evictedGoesOn() {
    return new Engines(
        UnaryOperator.identity(),
        OtherClients.groupConsumers((_, _) ->
            (method, arguments, onwards) -> {
              if (method.equals("subscribe") && arguments.length == 2) {
                arguments[1] =
                    Interception.before(
                        ConsumerRebalanceListener.class,
                        (ConsumerRebalanceListener) arguments[1],
                        (callback, _, further) ->
                            callback.equals("onPartitionsLost") ? null : further.call());
              }
              return onwards.call();
            }));
  }
}
