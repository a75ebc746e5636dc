package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.plan.Step;
import dev.gretchen.chaos.worker.Exit;
import dev.gretchen.chaos.worker.Incarnation;
import dev.gretchen.chaos.worker.UnexpectedExit;
import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// One fault while it happens: gathers observations until they make an entry. Confined to the
/// nemesis's thread.
///
/// It counts as proven where there is an observation and nothing that was promised is missing.
final class Incident {
  /// What SIGKILL leaves as exit status.
  private static final int KILLED = 137;

  /// How long a worker may take to notice that it cannot go on.
  private static final Duration GIVES_UP = Duration.ofSeconds(2);

  private static final Duration GIVES_UP_TIMEOUT = Duration.ofSeconds(30);

  private final Step step;
  private final InstantSource clock;
  private final Journal journal;
  private final List<String> observations = new ArrayList<>();
  private final List<Long> pids = new ArrayList<>();
  private final SortedSet<String> held = new TreeSet<>();
  private final List<String> lost = new ArrayList<>();
  private final List<FaultEntry.Turn> turns = new ArrayList<>();
  private String target;
  private String worker = "";
  private long at;
  private long healedAt;
  private int sigkills;
  private long clockAheadMillis;
  private boolean acted;
  private boolean effective;
  private boolean missing;
  private boolean announced;

  Incident(Step step, InstantSource clock, Journal journal) {
    this.step = step;
    this.clock = clock;
    this.journal = journal;
    this.target = step.target().toString();
    this.at = clock.millis();
  }

  Step step() {
    return step;
  }

  /// The role is that worker's.
  void hitsWorker(String name) {
    worker = name;
    target = step.target() + ": " + name;
  }

  /// The group had assigned these partitions to whoever is hit.
  void held(Collection<String> partitions) {
    held.addAll(partitions);
  }

  /// The turn of one of several workers, to which the group had assigned these partitions: it is
  /// hit now, and others may follow.
  void takesTurn(String name, List<String> partitions) {
    hitsWorker(name);
    held(partitions);
    turns.add(new FaultEntry.Turn(name, clock.millis(), partitions));
  }

  /// What is about to be done takes its effect from now on.
  void actsNow() {
    if (!effective && !acted) {
      acted = true;
      at = clock.millis();
    }
  }

  /// The role is that broker's.
  void hitsBroker(int id) {
    target = "broker " + id;
  }

  /// The role is that service's.
  void hitsService(String name) {
    target = name;
  }

  /// A worker got SIGKILL.
  void killed(Exit exit) {
    pids.add(exit.pid());
    sigkills++;
    if (exit.exitStatus().orElse(-1) == KILLED) {
      observed(exit.describe());
    } else {
      missing("SIGKILL hit " + exit.worker() + " too late: " + exit.describe());
    }
  }

  /// A broker got SIGKILL.
  void killedBroker(long pid) {
    pids.add(pid);
    observed("pid " + pid + " gone");
  }

  /// The clock of whoever is hit is ahead by that much from now until it is healed.
  void clockAhead(Duration ahead) {
    clockAheadMillis = ahead.toMillis();
  }

  /// Says whether a worker that this fault may have made end has done so. Its end is then part of
  /// the fault, and no surprise.
  void mayHaveGivenUp(Workers workers, String name) throws InterruptedException {
    Thread.sleep(GIVES_UP);
    // not ready means that it is about to end, or to come right
    workers.awaitReady(name, GIVES_UP_TIMEOUT);
    long pid = workers.incarnation(name).map(Incarnation::pid).orElse(-1L);
    Optional<UnexpectedExit> exit =
        workers.unexpectedExits().stream()
            .filter(end -> end.incarnation().pid() == pid)
            .findFirst();
    if (exit.isPresent()) {
      excused(exit.get());
      observed(name + " gave up with exit status " + exit.get().exitStatus());
    } else {
      observed(name + " runs on");
    }
  }

  /// A worker ended by itself, as this fault has to make it do.
  void excused(UnexpectedExit exit) {
    journal.excused(exit);
  }

  /// Events that no worker can ever handle, such as `words-3@100-250`, the last excluded.
  void lost(String range) {
    lost.add(range);
  }

  /// Something that only this fault explains.
  void observed(String observation) {
    if (!effective) {
      effective = true;
      at = acted ? at : clock.millis();
    }
    observations.add(observation);
  }

  /// Something that had to be observed and was not.
  void missing(String what) {
    missing = true;
    observations.add(what);
  }

  /// All effects are there; what follows is healing.
  void announceEffect() {
    if (!announced && isProven()) {
      announced = true;
      journal.proven(entry());
    }
  }

  void healed() {
    healedAt = clock.millis();
  }

  /// It has not come right; that says nothing of its effect.
  void notHealed(String why) {
    healedAt = 0;
    observations.add("not healed: " + why);
  }

  boolean isProven() {
    return effective && !missing;
  }

  FaultEntry entry() {
    return new FaultEntry(
        step.ordinal(),
        step.kind().id(),
        step.kind().word(),
        target,
        worker,
        List.copyOf(held),
        turns,
        at,
        healedAt,
        isProven(),
        String.join("; ", observations),
        pids,
        sigkills,
        clockAheadMillis,
        List.copyOf(lost));
  }
}
