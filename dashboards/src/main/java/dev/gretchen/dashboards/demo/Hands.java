package dev.gretchen.dashboards.demo;

import dev.gretchen.chaos.broker.BrokerControl;
import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.worker.Workers;
import dev.gretchen.dashboards.live.LiveEvent;
import dev.gretchen.verifier.run.LiveRun;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what buttons ask for. Any thread; one deed is begun after the other, and what takes long
/// goes on in a virtual thread of its own.
final class Hands implements Deed.Taker, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Hands.class);

  private static final Duration STORM = Duration.ofSeconds(30);
  private static final Duration STORM_EVERY = Duration.ofSeconds(5);
  private static final Duration STORM_DOWN = Duration.ofSeconds(2);

  private final LiveRun run;
  private final Hub hub;
  private final SlowMotion slowMotion;
  private final RandomGenerator chance;
  private final InstantSource clock;
  private final ReentrantLock one = new ReentrantLock();
  private final AtomicBoolean storming = new AtomicBoolean();
  private final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();

  Hands(LiveRun run, Hub hub, SlowMotion slowMotion, RandomGenerator chance, InstantSource clock) {
    this.run = run;
    this.hub = hub;
    this.slowMotion = slowMotion;
    this.chance = chance;
    this.clock = clock;
  }

  @Override
  public String carryOut(Deed deed) throws InterruptedException {
    one.lockInterruptibly();
    try {
      return switch (deed) {
        case Deed.Kill(String worker) -> kill(worker);
        case Deed.Pause(String worker) -> pause(worker);
        case Deed.Resume(String worker) -> resume(worker);
        case Deed.Stop(String worker) -> stop(worker);
        case Deed.Start(String worker) -> start(worker);
        case Deed.Wipe(String worker) -> wipe(worker);
        case Deed.Add() -> add();
        case Deed.KillBroker(int broker) -> killBroker(broker);
        case Deed.StartBroker(int broker) -> startBroker(broker);
        case Deed.Storm() -> storm();
        case Deed.Turn(double perSecond) -> turn(perSecond);
        case Deed.Slow(boolean on) -> slow(on);
        case Deed.Type(String word) -> type(word);
      };
    } finally {
      one.unlock();
    }
  }

  private Workers workers() {
    return run.workers();
  }

  private String kill(String worker) throws InterruptedException {
    requireRunning(worker);
    slowMotion.prepare(worker);
    struck(FaultKind.KILL_WORKER, worker, true);
    String said = workers().kill(worker).describe();
    return "killed " + worker + ": " + said;
  }

  private String pause(String worker) throws InterruptedException {
    requireRunning(worker);
    if (workers().isPaused(worker)) {
      throw new IllegalStateException(worker + " is paused already");
    }
    slowMotion.prepare(worker);
    struck(FaultKind.EVICTING_PAUSE, worker, false);
    if (!workers().pause(worker)) {
      healed(worker);
      throw new IllegalStateException(worker + " does not stand still");
    }
    return "paused " + worker;
  }

  private String resume(String worker) {
    if (!workers().isPaused(worker)) {
      throw new IllegalStateException(worker + " is not paused");
    }
    workers().resume(worker);
    healed(worker);
    return "resumed " + worker;
  }

  /// Waits in the background: it drains for as long as it takes.
  private String stop(String worker) throws InterruptedException {
    requireRunning(worker);
    if (workers().isPaused(worker)) {
      throw new IllegalStateException(worker + " is paused and would not hear it; resume it first");
    }
    slowMotion.prepare(worker);
    struck(FaultKind.GRACEFUL_STOP, worker, false);
    inBackground(() -> workers().stopGracefully(worker, Workers.STOP_TIMEOUT));
    return "stopping " + worker;
  }

  private String start(String worker) {
    if (workers().isRunning(worker)) {
      throw new IllegalStateException(worker + " runs already");
    }
    workers().start(worker);
    healed(worker);
    return "started " + worker;
  }

  private String wipe(String worker) throws InterruptedException {
    slowMotion.prepare(worker);
    boolean ran = workers().isRunning(worker);
    struck(FaultKind.WIPE_WHILE_DOWN, worker, ran);
    if (ran) {
      workers().kill(worker);
    }
    int files = workers().wipe(worker);
    workers().start(worker);
    healed(worker);
    return "wiped the disk of " + worker + ", " + files + " files, and started it";
  }

  private String add() {
    if (workers().names().size() >= Workers.COUNT_MAX) {
      throw new IllegalStateException("there are " + Workers.COUNT_MAX + " workers, the most");
    }
    return "added " + workers().add().worker();
  }

  private String killBroker(int broker) {
    BrokerControl brokers = brokers();
    requireBroker(brokers, broker);
    long alive = brokers.ids().stream().filter(brokers::isAlive).count();
    if (alive < brokers.ids().size()) {
      throw new IllegalStateException(
          "a broker is down already, and with two of three nobody could commit; start it first");
    }
    struck(FaultKind.KILL_BROKER, BrokerControl.name(broker), false);
    long pid = brokers.kill(broker);
    return "killed " + BrokerControl.name(broker) + ", pid " + pid;
  }

  private String startBroker(int broker) throws InterruptedException {
    BrokerControl brokers = brokers();
    requireBroker(brokers, broker);
    if (brokers.isAlive(broker)) {
      throw new IllegalStateException(BrokerControl.name(broker) + " runs already");
    }
    brokers.restart(broker);
    healed(BrokerControl.name(broker));
    return "started " + BrokerControl.name(broker);
  }

  private String storm() {
    if (!storming.compareAndSet(false, true)) {
      throw new IllegalStateException("a storm blows already");
    }
    inBackground(() -> {
      try {
        blow();
      } finally {
        storming.set(false);
      }
    });
    return "a storm of " + STORM.toSeconds() + " s";
  }

  /// One worker at a time, as long as another one runs.
  private void blow() throws InterruptedException {
    long end = System.nanoTime() + STORM.toNanos();
    while (System.nanoTime() < end) {
      List<String> running =
          workers().running().stream().filter(worker -> !workers().isPaused(worker)).toList();
      if (running.size() > 1) {
        String victim = running.get(chance.nextInt(running.size()));
        carryOut(new Deed.Kill(victim));
        Thread.sleep(STORM_DOWN);
        if (!workers().isRunning(victim)) {
          carryOut(new Deed.Start(victim));
        }
      }
      Thread.sleep(STORM_EVERY.minus(STORM_DOWN));
    }
  }

  private String turn(double perSecond) {
    run.load().turnTo(perSecond);
    return perSecond == 0 ? "the load stands still" : perSecond + " events a second";
  }

  private String slow(boolean on) {
    slowMotion.turn(on);
    hub.accept(new LiveEvent.Slowed(clock.millis(), on));
    return on
        ? "recoveries take " + SlowMotion.HELD.toSeconds() + " s longer"
        : "as fast as it goes";
  }

  private String type(String word) {
    long at = clock.millis();
    long id = run.load().sendOwn("typed", word);
    hub.accept(new LiveEvent.Typed(at, id, word));
    return "sent '" + word + "'";
  }

  /// Told before it is done: what the target holds is looked at when it is told.
  private void struck(FaultKind kind, String target, boolean endsProcess) {
    hub.accept(new LiveEvent.Struck(clock.millis(), kind.id(), kind.word(), target, endsProcess));
  }

  private void healed(String target) {
    hub.accept(new LiveEvent.Healed(clock.millis(), target));
  }

  private void requireRunning(String worker) {
    if (!workers().isRunning(worker)) {
      throw new IllegalStateException(worker + " is down already");
    }
  }

  private BrokerControl brokers() {
    return switch (run.cluster().brokerFaults()) {
      case BrokerFaults.Supported(BrokerControl control) -> control;
      case BrokerFaults.Unsupported(String reason) ->
          throw new IllegalStateException("no broker can be killed: " + reason);
    };
  }

  private static void requireBroker(BrokerControl brokers, int broker) {
    if (!brokers.ids().contains(broker)) {
      throw new IllegalArgumentException("no broker " + broker + " among " + brokers.ids());
    }
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  private void inBackground(Work work) {
    others.execute(() -> {
      try {
        work.run();
      } catch (InterruptedException _) {
        // the page is closed
      } catch (RuntimeException failure) {
        LOG.atWarn().addKeyValue("cause", failure.toString()).log("could not be done");
      }
    });
  }

  @Override
  public void close() {
    others.shutdownNow();
  }
}
