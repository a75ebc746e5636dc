package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.fault.Target;
import dev.gretchen.chaos.worker.UnexpectedExit;
import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/// B7: retention passes events that no worker has read yet.
///
/// Nobody can bring them back, so exactly one thing is right: to say so and to stop, until somebody
/// sets the offset by hand. What was deleted is excused only where a worker has done that: it ended
/// by itself, and a [Refusal] is in its log. Whoever goes on in silence has lost events, and is
/// convicted of each; whoever ends for another reason has ended unexpectedly.
final class Retention {
  /// How long events pile up that nobody reads.
  private static final Duration UNREAD = Duration.ofSeconds(2);

  private static final Duration ONLOOKERS_TIMEOUT = Duration.ofSeconds(20);

  /// How long a worker may take to find out: a start, and the end of a session.
  private static final Duration REFUSAL_TIMEOUT = Duration.ofSeconds(40);

  private static final Duration POLL = Duration.ofMillis(200);

  private final Field field;
  private final Workers workers;
  private final Operator operator;
  private final Targets targets;
  private final OrderlyFaults orderly;
  private final Healing healing;
  private final Set<UnexpectedExit> known = new HashSet<>();

  Retention(Field field, Targets targets, OrderlyFaults orderly, Healing healing) {
    this.field = field;
    this.workers = field.workers();
    this.operator = field.operator();
    this.targets = targets;
    this.orderly = orderly;
    this.healing = healing;
  }

  void pass(Incident incident) throws InterruptedException {
    if (!(incident.step().target() instanceof Target.OwnerOf owner)) {
      return;
    }
    TopicPartition partition = new TopicPartition(owner.topic(), owner.partition());
    known.addAll(workers.unexpectedExits());
    healing.dismissAdded();
    stopAll(incident);
    if (!incident.isProven()) {
      // whoever was killed has left open what it had read, and nothing more may go wrong with it
      startAll(incident);
      return;
    }
    Thread.sleep(UNREAD);
    Optional<Operator.Committed> committed = operator.committed(partition);
    if (committed.isEmpty() || committed.get().ahead()) {
      // what is applied is not unread, and an offset that is set by hand would forget it
      incident.missing("no offset of %s parts what is read from what is not".formatted(partition));
      startAll(incident);
      return;
    }
    long from = committed.get().offset();
    long end = operator.ends(List.of(partition.topic())).getOrDefault(partition, from);
    long to = from + (end - from) / 2;
    if (to <= from) {
      incident.missing("nothing of " + partition + " is unread");
      startAll(incident);
      return;
    }
    if (!field.access().onlookers().awaitRead(Map.of(partition, to), ONLOOKERS_TIMEOUT)) {
      incident.missing("those who read along are too far behind for a deletion");
      startAll(incident);
      return;
    }
    operator.deleteBefore(partition, to);
    String range = partition + "@" + from + "-" + to;
    incident.observed(range + " deleted unread");
    workers.initial().stream().filter(name -> !workers.isRunning(name)).forEach(workers::start);
    Optional<UnexpectedExit> refusal = awaitRefusal(partition);
    if (refusal.isPresent()) {
      incident.observed(
          "%s refused to go on without them, exit status %d"
              .formatted(refusal.get().incarnation().worker(), refusal.get().exitStatus()));
      incident.lost(range);
    } else {
      incident.missing("no worker has said that events of " + partition + " are gone");
    }
    endAll();
    excuse(incident, partition);
    operator.setCommitted(partition, to);
    startAll(incident);
  }

  private void stopAll(Incident incident) throws InterruptedException {
    for (String worker : workers.initial()) {
      incident.hitsWorker(worker);
      incident.held(targets.heldBy(worker));
      if (workers.isRunning(worker)) {
        orderly.stop(incident, worker);
      }
    }
  }

  /// Whatever each of them is about to do: most have found out by now.
  private void endAll() throws InterruptedException {
    for (String worker : workers.initial()) {
      try {
        if (workers.isRunning(worker)
            && workers.stopGracefully(worker, Workers.STOP_TIMEOUT).exitStatus().isEmpty()) {
          workers.kill(worker);
        }
      } catch (IllegalStateException _) {
        // it has ended by itself meanwhile, which is excused
      }
    }
  }

  private Optional<UnexpectedExit> awaitRefusal(TopicPartition partition)
      throws InterruptedException {
    long deadline = System.nanoTime() + REFUSAL_TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<UnexpectedExit> refusal =
          workers.unexpectedExits().stream()
              .filter(exit -> !known.contains(exit))
              .filter(exit -> Refusal.isIn(exit.logTail(), partition))
              .findFirst();
      if (refusal.isPresent()) {
        return refusal;
      }
      Thread.sleep(POLL);
    }
    return Optional.empty();
  }

  /// One refuses after the other, as each is given the partition.
  private void excuse(Incident incident, TopicPartition partition) {
    for (UnexpectedExit exit : workers.unexpectedExits()) {
      if (known.add(exit) && Refusal.isIn(exit.logTail(), partition)) {
        incident.excused(exit);
      }
    }
  }

  private void startAll(Incident incident) throws InterruptedException {
    for (String worker : workers.initial()) {
      if (!workers.isRunning(worker)) {
        workers.start(worker);
      }
    }
    for (String worker : workers.initial()) {
      healing.worker(incident, worker);
    }
  }
}
