package dev.gretchen.testkit.conformance;

import dev.gretchen.engine.internal.surroundings.KafkaClients;
import dev.gretchen.testkit.client.SimClients;
import dev.gretchen.testkit.kafka.Fate;
import dev.gretchen.testkit.kafka.Network;
import dev.gretchen.testkit.kafka.SimKafka;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import dev.gretchen.testkit.sim.SimSurroundings;
import dev.gretchen.testkit.sim.Trace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// SimKafka, in virtual time: one process, all of whose requests arrive, each in its own time.
final class SimWorld implements World {

  /// No script takes as long.
  private static final Duration BOUND = Duration.ofMinutes(10);

  private static final int STEPS_SHOWN = 40;
  private static final long DELAY_NANOS = 1_500_000;
  private static final long MARKER_NANOS = 5_000_000;

  private final Scheduler scheduler;
  private final SimProcess process;
  private final KafkaClients clients;

  private SimWorld(long seed) {
    this.scheduler = new Scheduler(seed, new Trace(STEPS_SHOWN));
    this.process = scheduler.process("script");
    SimKafka kafka = new SimKafka(scheduler, this::wallMillis, () -> chance(MARKER_NANOS));
    Network network =
        new Network(
            scheduler,
            kafka,
            (_, _) -> new Fate.Delivered(chance(DELAY_NANOS), chance(DELAY_NANOS)));
    this.clients = new SimClients(network, process, this::wallMillis);
  }

  private long chance(long bound) {
    return 1 + scheduler.random().nextLong(bound);
  }

  /// Performs a script in a world of its own.
  static List<String> run(Script script, long seed) {
    SimWorld world = new SimWorld(seed);
    AtomicReference<@Nullable List<String>> observed = new AtomicReference<>();
    AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
    boolean[] ended = {false};
    try {
      world.scheduler.start(
          world.process,
          script.name(),
          () -> observed.set(script.run(world)),
          failure -> {
            thrown.set(failure);
            ended[0] = true;
          });
      world.scheduler.run(() -> ended[0], BOUND);
      List<String> lines = observed.get();
      if (lines == null) {
        throw new AssertionError(
            script + " with seed " + seed + " does not end; " + world.scheduler.trace().last(),
            thrown.get());
      }
      return lines;
    } finally {
      world.scheduler.close();
    }
  }

  @Override
  public KafkaClients clients() {
    return clients;
  }

  @Override
  public Map<String, Object> connection() {
    return Map.of("bootstrap.servers", "simulated:9092");
  }

  @Override
  public void sleep(Duration time) {
    scheduler.sleep(time.toNanos());
  }

  @Override
  public long nanoTime() {
    return scheduler.now();
  }

  @Override
  public long wallMillis() {
    return SimSurroundings.BEGINNING.toEpochMilli() + scheduler.now() / 1_000_000;
  }
}
