package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.fault.Skipped;
import dev.gretchen.chaos.plan.Plan;
import dev.gretchen.chaos.plan.Step;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Works through a plan of faults in a thread of its own, and puts everything right at the end.
///
/// A fault that cannot be applied becomes an entry that is not proven and says why; it never ends
/// the campaign. Whatever happens, at the end all brokers are up and the initial workers are
/// running, or [#unhealed] says what is not.
public final class Nemesis implements AutoCloseable {
  /// How long [#stop] waits: a fault is broken off at once, healing may take its time.
  public static final Duration STOP_TIMEOUT = Duration.ofSeconds(150);

  private final Plan plan;
  private final Field field;
  private final Journal journal;
  private final InstantSource clock;
  private final Triggers triggers;
  private final Healing healing;
  private final Repertoire repertoire;
  private final Thread thread;
  private final CountDownLatch over = new CountDownLatch(1);
  private int exitsReported; // confined to the thread
  private final ReentrantLock phase = new ReentrantLock();
  private boolean healingBegun; // guarded by phase
  private volatile boolean stopping; // set under phase
  private volatile boolean abandoned; // set under phase
  private final List<String> problems = new CopyOnWriteArrayList<>();

  private Nemesis(Plan plan, Field field, Progress progress, Journal journal, InstantSource clock) {
    this.plan = plan;
    this.field = field;
    this.journal = journal;
    this.clock = clock;
    this.triggers = new Triggers(plan, progress, clock);
    this.healing = new Healing(field);
    this.repertoire = new Repertoire(plan, field, healing);
    this.thread = Thread.ofPlatform().name("nemesis").daemon().unstarted(this::run);
  }

  /// Begins; the first fault waits for the load.
  public static Nemesis start(
      Plan plan, Field field, Progress progress, Journal journal, InstantSource clock) {
    Nemesis nemesis = new Nemesis(plan, field, progress, journal, clock);
    nemesis.thread.start();
    return nemesis;
  }

  private void run() {
    try {
      Optional<Instant> lastHealed = Optional.empty();
      for (Step step : plan.steps()) {
        reviveTheDead();
        Optional<String> obstacle = awaitTurn(step, lastHealed);
        if (lastHealed.isPresent() && obstacle.equals(Optional.of(Skipped.LATE))) {
          // those before it took longer than planned
          journal.skipped(Skipped.late(step.kind()));
        } else if (obstacle.isPresent()) {
          reportNotBegun(step, obstacle.get());
        } else {
          inject(step);
          lastHealed = Optional.of(clock.instant());
        }
      }
    } catch (RuntimeException e) {
      // faults report for themselves: this is the journal, or a bug of ours
      problems.add("The campaign ended early: " + e);
    } finally {
      if (!abandoned) {
        beginHealing();
        healEverything();
      }
      over.countDown();
    }
  }

  private Optional<String> awaitTurn(Step step, Optional<Instant> lastHealed) {
    try {
      return stopping
          ? Optional.of("the campaign was stopped")
          : triggers.await(step.trigger(), lastHealed);
    } catch (InterruptedException _) {
      return Optional.of("the campaign was stopped");
    }
  }

  private void reportNotBegun(Step step, String reason) {
    Incident incident = new Incident(step, clock, journal);
    incident.missing("not injected: " + reason);
    journal.over(incident.entry());
  }

  private void inject(Step step) {
    Incident incident = new Incident(step, clock, journal);
    journal.begun(incident.entry());
    try {
      repertoire.apply(incident);
    } catch (InterruptedException _) {
      incident.missing("broken off: the campaign was stopped");
    } catch (IOException | RuntimeException e) {
      incident.missing("broken off: " + e.getMessage());
    }
    journal.over(incident.entry());
  }

  /// A worker that died by itself is reported, and started again for the faults to come.
  private void reviveTheDead() {
    var exits = field.workers().unexpectedExits();
    exits.stream().skip(exitsReported).forEach(journal::unexpectedExit);
    exitsReported = exits.size();
    for (String worker : field.workers().initial()) {
      try {
        if (!field.workers().isRunning(worker)) {
          field.workers().start(worker);
        }
      } catch (RuntimeException _) {
        // the final healing tries again, and says so where it fails
      }
    }
  }

  /// From here on nobody interrupts; an interrupt that is still set was for the faults.
  private void beginHealing() {
    phase.lock();
    try {
      healingBegun = true;
      Thread.interrupted();
    } finally {
      phase.unlock();
    }
  }

  private void healEverything() {
    try {
      reviveTheDead();
      problems.addAll(healing.everything());
    } catch (InterruptedException _) {
      problems.add("The healing was interrupted");
    } catch (RuntimeException e) {
      problems.add("The healing failed: " + e.getMessage());
    }
  }

  /// Waits until the plan is worked through and everything is healed.
  public boolean await(Duration timeout) throws InterruptedException {
    return over.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  public boolean isOver() {
    return over.getCount() == 0;
  }

  /// What could not be healed at the end, or ended the campaign early, a sentence each.
  public List<String> unhealed() {
    return List.copyOf(problems);
  }

  /// Breaks off the current fault, drops the rest, heals, and returns when that is done.
  ///
  /// @return whether it was within [#STOP_TIMEOUT]
  public boolean stop() throws InterruptedException {
    phase.lock();
    try {
      if (!stopping && !healingBegun) {
        stopping = true;
        thread.interrupt();
      }
    } finally {
      phase.unlock();
    }
    return await(STOP_TIMEOUT);
  }

  /// Ends at once and heals nothing: the caller is about to end all processes.
  public void abandon() {
    phase.lock();
    try {
      stopping = true;
      abandoned = true;
      thread.interrupt();
    } finally {
      phase.unlock();
    }
  }

  /// Like [#stop], for try-with-resources; an interrupt ends the wait and stays set.
  @Override
  public void close() {
    try {
      stop();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
