package dev.gretchen.testkit.conformance;

import dev.gretchen.engine.internal.surroundings.KafkaClients;
import java.time.Duration;
import java.util.Map;

/// Where a script is performed: clients of some Kafka, and the time that goes with it.
interface World {

  KafkaClients clients();

  /// What every client's configuration needs here.
  Map<String, Object> connection();

  void sleep(Duration time);

  /// Nanoseconds from some point on.
  long nanoTime();

  /// What the clock on the wall shows.
  long wallMillis();
}
