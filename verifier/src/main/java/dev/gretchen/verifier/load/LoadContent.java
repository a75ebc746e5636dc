package dev.gretchen.verifier.load;

import dev.gretchen.verifier.contract.Mix;
import java.util.List;

/// What the events of a load say: pure functions of their ids. Immutable, any thread.
interface LoadContent {

  /// The number of an event's key.
  int keyNumber(long id);

  /// A key, UTF-8; shared, must not be changed.
  byte[] key(int keyNumber);

  /// Where a key's events go: a partition of the first topic of the load, or beyond its partitions
  /// one of the next topic.
  int partition(int keyNumber);

  /// The value, UTF-8; may be shared, must not be changed.
  byte[] value(long id);

  /// Whether the app's last stream must hold the event.
  boolean isAccepted(long id);

  /// How much older an event is than those that are sent with it, in milliseconds.
  default long delayMillis(long id) {
    long chance = Chance.of(id, 4);
    return Chance.below(chance, 100) < LoadPlan.DISORDER_PERCENT
        ? 1L + Chance.below(Mix.mix(chance), (int) LoadPlan.DISORDER_MAX.toMillis())
        : 0;
  }

  /// The keys of that stream.
  List<String> acceptedKeys();
}
