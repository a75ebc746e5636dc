package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.broker.BrokerControl;
import dev.gretchen.chaos.fault.Target;
import dev.gretchen.chaos.nemesis.LinkTargets.Linked;
import dev.gretchen.chaos.proxy.Direction;
import dev.gretchen.chaos.proxy.InForce;
import dev.gretchen.chaos.proxy.Rule;
import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// M: several at once.
final class Compounds {
  /// How long others may take to take over: a session time-out and more.
  private static final Duration EVICTION_TIMEOUT = Duration.ofSeconds(30);

  /// How long a worker that was a zombie runs behind its cut.
  private static final Duration BEHIND_THE_CUT = Duration.ofMillis(1_500);

  private static final Rule CUT = new Rule.Cut(Direction.BOTH);

  private final Field field;
  private final Workers workers;
  private final Targets targets;
  private final LinkTargets linkTargets;
  private final Healing healing;

  Compounds(Field field, Targets targets, Healing healing) {
    this.field = field;
    this.workers = field.workers();
    this.targets = targets;
    this.linkTargets = new LinkTargets(field, targets);
    this.healing = healing;
  }

  /// The successor has to find a new leader before it can recover.
  void killWithLeader(Incident incident) throws InterruptedException {
    Optional<BrokerControl> control = targets.control(incident);
    Optional<String> worker = control.isEmpty() ? Optional.empty() : targets.worker(incident);
    if (control.isEmpty()
        || worker.isEmpty()
        || !(incident.step().target() instanceof Target.OwnerOf owner)) {
      return;
    }
    OptionalInt leader = field.roles().leaderOf(owner.topic(), owner.partition());
    if (leader.isEmpty()) {
      incident.missing("nobody leads " + owner.topic() + "-" + owner.partition());
      return;
    }
    incident.killed(workers.kill(worker.get()));
    incident.observed(
        "broker %d, which led it: pid %d gone"
            .formatted(leader.getAsInt(), control.get().kill(leader.getAsInt())));
    workers.start(worker.get());
    healing.broker(incident, control.get(), leader.getAsInt());
    healing.worker(incident, worker.get());
  }

  /// It starts where there is nobody to ask.
  void killInOutage(Incident incident) throws InterruptedException {
    Optional<BrokerControl> control = targets.control(incident);
    Optional<String> worker = control.isEmpty() ? Optional.empty() : targets.worker(incident);
    if (control.isEmpty() || worker.isEmpty()) {
      return;
    }
    List<Integer> ids = List.copyOf(control.get().ids());
    List<Integer> held = new ArrayList<>();
    incident.actsNow();
    try {
      for (int id : ids) {
        held.add(id);
        if (!control.get().pause(id)) {
          incident.missing("broker " + id + " did not stand still after SIGSTOP");
        }
      }
      incident.observed("SIGSTOP holds the brokers " + ids);
      incident.killed(workers.kill(worker.get()));
      workers.start(worker.get());
      Thread.sleep(incident.step().parameter("hold-ms"));
    } finally {
      held.forEach(control.get()::resume);
    }
    incident.observed("brokers went on after " + incident.step().parameter("hold-ms") + " ms");
    for (int id : ids) {
      healing.broker(incident, control.get(), id);
    }
    // a worker may give up where it finds nobody
    incident.mayHaveGivenUp(workers, worker.get());
    healing.worker(incident, worker.get());
  }

  /// What it had sent when it stopped, and what it sends as a zombie, arrives when all is over.
  void pauseBehindCut(Incident incident) throws InterruptedException {
    Optional<Linked> linked = linkTargets.linked(incident);
    if (linked.isEmpty()) {
      return;
    }
    String worker = linked.get().worker();
    List<String> held = targets.heldBy(worker);
    incident.actsNow();
    try (InForce cut = linked.get().link().apply(CUT)) {
      try {
        if (workers.pause(worker)) {
          incident.observed("SIGSTOP holds " + worker + " behind a cut");
        } else {
          incident.missing(worker + " did not stand still after SIGSTOP");
        }
        Optional<Duration> taken = targets.awaitWithOthers(held, worker, EVICTION_TIMEOUT);
        if (taken.isPresent() && !held.isEmpty()) {
          incident.observed(
              "its %d partitions with others after %d ms"
                  .formatted(held.size(), taken.get().toMillis()));
        } else {
          incident.missing("others did not take its %d partitions over".formatted(held.size()));
        }
      } finally {
        workers.resume(worker);
      }
      Thread.sleep(BEHIND_THE_CUT);
      LinkTargets.prove(incident, cut);
    }
    healing.worker(incident, worker);
  }
}
