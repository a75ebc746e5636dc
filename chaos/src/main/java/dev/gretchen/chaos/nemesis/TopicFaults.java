package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.fault.Target;
import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/// B8, B10 and T: what others do to the topics that an app reads, and to those that hold its
/// tables.
///
/// Nothing of it takes an event from the app, so nothing of it has to be excused. What the
/// compaction of changelogs removes was read before by those who will judge.
final class TopicFaults {
  /// How long records may take until a log is rolled: as long as its topic has writers.
  private static final Duration ROLLING = Duration.ofMillis(1_500);

  /// How long onlookers may take to read what is there.
  private static final Duration ONLOOKERS_TIMEOUT = Duration.ofSeconds(20);

  /// How long the cleaner may take to get round to all logs: it looks four times a minute.
  private static final Duration COMPACTION_TIMEOUT = Duration.ofSeconds(40);

  private static final Duration POLL = Duration.ofMillis(500);

  /// Only so many milliseconds are rolled together.
  private static final Map<String, String> ROLLED = Map.of("segment.ms", "100");

  /// Nothing is rolled any more, and what was is compacted however little that saves.
  private static final Map<String, String> COMPACTED =
      Map.of("min.compaction.lag.ms", "0", "min.cleanable.dirty.ratio", "0");

  /// What is written from now on is not compacted.
  private static final Map<String, String> SPARED =
      Map.of("min.compaction.lag.ms", Long.toString(Long.MAX_VALUE));

  /// The topic in which the offsets of groups lie, and their members.
  private static final List<String> OFFSETS = List.of("__consumer_offsets");

  private final Operator operator;
  private final Onlookers onlookers;
  private final Workers workers;
  private final Targets targets;
  private final Healing healing;

  TopicFaults(Field field, Targets targets, Healing healing) {
    this.operator = field.operator();
    this.onlookers = field.access().onlookers();
    this.workers = field.workers();
    this.targets = targets;
    this.healing = healing;
  }

  void addPartitions(Incident incident) throws InterruptedException {
    incident.actsNow();
    int more = Math.toIntExact(incident.step().parameter("partitions"));
    int added = operator.addPartitions(operator.input(), more);
    String what = "%s has %d more partitions".formatted(operator.input(), added);
    if (added == more) {
      incident.observed(what);
    } else {
      incident.missing(what + ", expected " + more);
    }
    everybody(incident);
  }

  void writeAndAbort(Incident incident) throws InterruptedException {
    int transactions = Math.toIntExact(incident.step().parameter("times"));
    incident.actsNow();
    int records = operator.writeAndAbort(operator.input(), transactions);
    observedIfAny(incident, records, "records in %d aborted transactions".formatted(transactions));
    everybody(incident);
  }

  void writeStrange(Incident incident) throws InterruptedException {
    incident.actsNow();
    int records =
        operator.writeStrange(
            operator.input(), Math.toIntExact(incident.step().parameter("times")));
    observedIfAny(incident, records, "records without key, value, text or measure");
    everybody(incident);
  }

  private static void observedIfAny(Incident incident, int records, String what) {
    if (records > 0) {
      incident.observed(records + " " + what);
    } else {
      incident.missing("0 " + what);
    }
  }

  private void everybody(Incident incident) throws InterruptedException {
    for (String worker : workers.initial()) {
      healing.worker(incident, worker);
    }
  }

  /// Rolls while the app writes, waits until all that was rolled has been read, compacts, and has a
  /// worker recover from what is left.
  void compact(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty()) {
      return;
    }
    incident.actsNow();
    Map<TopicPartition, Long> before = operator.firstRecords(operator.changelogs());
    // outermost: while it lasts, nothing that was written since is compacted
    try (Operator.Tuned _ = operator.tune(operator.changelogs(), SPARED)) {
      // brokers hear of it a moment later
      Thread.sleep(POLL);
      Map<TopicPartition, Long> rolled = roll(operator.changelogs());
      if (!onlookers.awaitRead(rolled, ONLOOKERS_TIMEOUT)) {
        incident.missing("those who read along are too far behind for a compaction");
        return;
      }
      try (Operator.Tuned _ = operator.tune(operator.changelogs(), COMPACTED)) {
        awaitCompaction(incident, operator.changelogs(), before);
      }
    }
    incident.killed(workers.kill(worker.get()));
    incident.observed("state directory empty, " + workers.wipe(worker.get()) + " files gone");
    healing.worker(incident, worker.get());
  }

  /// Rolls while the group commits, and compacts. Nobody but Kafka reads that, so nobody has to
  /// have read it before.
  void compactOffsets(Incident incident) throws InterruptedException {
    incident.actsNow();
    Map<TopicPartition, Long> before = operator.firstRecords(OFFSETS);
    roll(OFFSETS);
    try (Operator.Tuned _ = operator.tune(OFFSETS, COMPACTED)) {
      awaitCompaction(incident, OFFSETS, before);
    }
  }

  private Map<TopicPartition, Long> roll(Collection<String> names) throws InterruptedException {
    try (Operator.Tuned _ = operator.tune(names, ROLLED)) {
      Thread.sleep(ROLLING);
    }
    // only when brokers have heard of that is the last segment known that was rolled
    Thread.sleep(POLL);
    return operator.ends(names);
  }

  private void awaitCompaction(
      Incident incident, Collection<String> names, Map<TopicPartition, Long> before)
      throws InterruptedException {
    long deadline = System.nanoTime() + COMPACTION_TIMEOUT.toNanos();
    List<String> moved = new ArrayList<>();
    while (moved.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(POLL);
      operator
          .firstRecords(names)
          .forEach((partition, first) -> {
            long was = before.getOrDefault(partition, first);
            if (first > was) {
              moved.add("%s begins at %d, at %d before".formatted(partition, first, was));
            }
          });
    }
    if (moved.isEmpty()) {
      incident.missing("no log of %s begins later than before".formatted(names));
    } else {
      incident.observed(
          "%d logs begin later: %s"
              .formatted(moved.size(), moved.stream().sorted().findFirst().orElseThrow()));
    }
  }

  /// Whoever recovers meanwhile cannot read to the end of what is written.
  void hang(Incident incident) throws InterruptedException {
    Optional<String> worker = targets.worker(incident);
    if (worker.isEmpty() || !(incident.step().target() instanceof Target.OwnerOf owner)) {
      return;
    }
    List<TopicPartition> partitions = new ArrayList<>();
    partitions.add(new TopicPartition(owner.topic(), owner.partition()));
    operator
        .changelogs()
        .forEach(topic -> partitions.add(new TopicPartition(topic, owner.partition())));
    incident.actsNow();
    try (Operator.Hanging _ = operator.hang(partitions)) {
      incident.observed("a transaction is open on " + partitions);
      incident.killed(workers.kill(worker.get()));
      incident.observed("state directory empty, " + workers.wipe(worker.get()) + " files gone");
      workers.start(worker.get());
      Thread.sleep(incident.step().parameter("hold-ms"));
    }
    incident.observed("aborted after " + incident.step().parameter("hold-ms") + " ms");
    healing.worker(incident, worker.get());
  }
}
