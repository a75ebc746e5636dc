package dev.gretchen.simulation;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.SimKafka;
import dev.gretchen.testkit.sim.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How long it takes the others to do a dead worker's work: from its death until the group is at
/// rest without it, and every survivor has recovered what it holds. So for one whose poll loop
/// stands still, which Kafka's heartbeats do not show.
///
/// Only a calm death is measured: all workers were ready for a while, nothing was in anybody's way,
/// and nothing else happens meanwhile.
final class Takeovers {

  /// A calm death takes no longer. Found by silence it takes a second more, by Kafka alone six; a
  /// transaction that nobody ends holds it up for ten.
  static final Duration BOUND = Duration.ofSeconds(3);

  /// A poll loop that stands still is given up after seven seconds, and Kafka gives it up after
  /// ten.
  static final Duration BOUND_OF_A_STALL = Duration.ofSeconds(9);

  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final Duration CALM = Duration.ofMillis(500);

  /// Where brokers answer with a few records each, a recovery takes as long as it takes.
  private static final int FETCHED_MIN = 20;

  private final Scheduler scheduler;
  private final SimKafka kafka;
  private final Weather weather;
  private final Incarnations incarnations;
  private final Supplier<Collection<SimulatedWorker>> workers;
  private final List<String> failures;
  private final String group;
  private final boolean isMeasured;
  private final List<Duration> measured = new ArrayList<>();
  private long calmSince = Long.MAX_VALUE;
  private @Nullable Death death;

  /// @param boundNanos so long it may take
  private record Death(String worker, String instance, String how, long at, long boundNanos) {}

  /// @param failures takes a sentence for each that took too long
  Takeovers(
      Scheduler scheduler,
      SimKafka kafka,
      Weather weather,
      Incarnations incarnations,
      Setup setup,
      Supplier<Collection<SimulatedWorker>> workers,
      List<String> failures) {
    this.scheduler = scheduler;
    this.kafka = kafka;
    this.weather = weather;
    this.incarnations = incarnations;
    this.group = setup.app().contract().group();
    this.isMeasured = setup.fetchedMax() >= FETCHED_MIN;
    this.workers = workers;
    this.failures = failures;
  }

  void begin() {
    if (isMeasured) {
      look();
    }
  }

  /// How long each took.
  List<Duration> measured() {
    return List.copyOf(measured);
  }

  /// Something else is done to somebody.
  void disturbed() {
    death = null;
    calmSince = Long.MAX_VALUE;
  }

  /// A worker has died.
  void died(String worker) {
    boolean alone = workers.get().stream().noneMatch(SimulatedWorker::isRunning);
    failed(worker, "died", alone, BOUND);
  }

  /// A worker's poll loop stands still.
  ///
  /// @param first whether nothing has happened before, so that nobody is held back from an eviction
  void stalled(String worker, boolean first) {
    boolean alone = workers.get().stream().filter(SimulatedWorker::isRunning).count() < 2;
    failed(worker, "stood still with its poll loop", alone || !first, BOUND_OF_A_STALL);
  }

  private void failed(String worker, String how, boolean excused, Duration bound) {
    boolean calm = calmSince <= scheduler.now() - CALM.toNanos() && weather.isClear();
    disturbed();
    if (calm && !excused) {
      death = new Death(worker, incarnations.latest(worker), how, scheduler.now(), bound.toNanos());
    }
  }

  private void look() {
    Death watched = death;
    if (watched == null) {
      boolean calm =
          weather.isClear()
              && workers.get().stream()
                  .filter(worker -> !worker.hasLeft())
                  .allMatch(
                      worker -> worker.isReady() && !worker.hasStoodStillSince(scheduler.now()));
      calmSince = calm ? Math.min(calmSince, scheduler.now()) : Long.MAX_VALUE;
    } else if (isTakenOver(watched)) {
      measured.add(Duration.ofNanos(scheduler.now() - watched.at));
      disturbed();
    } else if (scheduler.now() - watched.at > watched.boundNanos) {
      failures.add(
          "worker %s %s in a calm, and %d ms later its work was not done by the others"
              .formatted(watched.worker, watched.how, watched.boundNanos / 1_000_000));
      disturbed();
    }
    scheduler.after(scheduler.world(), LOOK_EVERY.toNanos(), this::look);
  }

  private boolean isTakenOver(Death watched) {
    Reply.GroupState group = kafka.describeGroup(this.group);
    return group.state().equals("Stable")
        && group.members().stream()
            .noneMatch(member -> Objects.equals(member.instanceId(), watched.instance))
        && workers.get().stream()
            .filter(worker -> worker.isRunning() && !worker.name().equals(watched.worker))
            .allMatch(SimulatedWorker::isReady);
  }
}
