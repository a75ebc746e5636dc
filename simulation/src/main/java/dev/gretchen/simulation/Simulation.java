package dev.gretchen.simulation;

import dev.gretchen.engine.App;
import dev.gretchen.engine.internal.http.HttpSurface;
import dev.gretchen.simulation.judge.SimFault;
import dev.gretchen.testkit.disk.Disk;
import dev.gretchen.testkit.kafka.Network;
import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.SimKafka;
import dev.gretchen.testkit.link.SimLinkNet;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimSurroundings;
import dev.gretchen.testkit.sim.Trace;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.load.LoadPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/// One schedule, from an empty cluster to its end.
///
/// The story: brokers and topics; workers; the load, and the steps of the schedule while it is
/// sent; then everything is healed, and the app has a bounded time to catch up; then a last look at
/// logs, offsets and stores, which is what is judged.
public final class Simulation {

  /// After healing, the app must have caught up within this virtual time.
  static final Duration CATCH_UP_MAX = Duration.ofSeconds(90);

  /// For what follows the last commit: its stores.
  private static final Duration QUIET = Duration.ofSeconds(2);

  private static final int SETTLE_ATTEMPTS_MAX = 20;

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private static final Duration LOAD_MAX = Duration.ofMinutes(5);

  private final Schedule schedule;
  private final AppDescriptor contract;
  private final Scheduler scheduler;
  private final SimKafka kafka;
  private final Effects effects;
  private final Weather weather;
  private final Network network;
  private final SimLinkNet links;
  private final Incarnations incarnations;
  private final Takeovers takeovers;
  private final Beats beats;
  private final LoadPlan plan;
  private final SimulatedLoad load;
  private final Engines engines;
  private final Disks disks;
  private final Map<Integer, SimulatedWorker> workers = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private int carriedOut;
  private boolean caughtUp;

  private Simulation(Schedule schedule, Engines engines, Disks disks, Trace trace) {
    this.schedule = schedule;
    this.engines = engines;
    this.disks = disks;
    Setup setup = schedule.setup();
    this.contract = setup.app().contract();
    this.scheduler = new Scheduler(schedule.schedulerSeed(), trace);
    long marker = setup.markerMicros() * 1_000L;
    this.kafka =
        new SimKafka(
            scheduler, this::millis, () -> marker / 4 + scheduler.random().nextLong(marker));
    kafka.limitFetches(setup.fetchedMax());
    this.beats = new Beats(schedule, kafka);
    this.effects = new Effects(scheduler);
    this.incarnations = new Incarnations(kafka, contract.group());
    this.weather =
        new Weather(
            scheduler,
            effects,
            setup.latencyMicros(),
            new Evictions(
                scheduler, effects, incarnations, this::links, workers::values, failures));
    this.takeovers =
        new Takeovers(scheduler, kafka, weather, incarnations, setup, workers::values, failures);
    this.network = new Network(scheduler, kafka, weather);
    this.links = new SimLinkNet(scheduler, weather);
    this.plan = new LoadPlan(setup.load(), contract.offer().load());
    this.load = new SimulatedLoad(scheduler, network, plan, contract.inputs(), setup.sending());
  }

  /// Simulates a schedule.
  ///
  /// @param engines the engine that is tried
  /// @param disks what the workers' stores are on
  /// @param trace takes what happens
  /// @throws dev.gretchen.testkit.sim.SimulationFailure if the simulation itself cannot go on
  public static Ending run(Schedule schedule, Engines engines, Disks disks, Trace trace) {
    Simulation simulation = new Simulation(schedule, engines, disks, trace);
    try {
      return simulation.run();
    } finally {
      simulation.scheduler.close();
      simulation.workers.values().forEach(worker -> worker.disk().close());
    }
  }

  private Ending run() {
    Setup setup = schedule.setup();
    contract.inputs().forEach(topic -> kafka.create(topic, setup.wordsPartitions(), Map.of()));
    contract
        .streams()
        .forEach(stream -> kafka.create(stream.topic(), setup.colorsPartitions(), Map.of()));
    beats.createTopic();
    for (int slot = 0; slot < setup.workers(); slot++) {
      worker(slot).start();
    }
    load.start();
    takeovers.begin();
    for (Step step : schedule.steps()) {
      scheduler.after(scheduler.world(), step.at().toNanos(), () -> carryOut(step));
    }
    scheduler.run(
        () -> (load.hasEnded() && carriedOut == schedule.steps().size()) || !failures.isEmpty(),
        LOAD_MAX);
    heal();
    lookWhetherCaughtUp();
    scheduler.run(() -> caughtUp || !failures.isEmpty(), CATCH_UP_MAX);
    if (caughtUp) {
      settle();
    }
    if (caughtUp && failures.isEmpty()) {
      failures.addAll(beats.anomalies(millis()));
    }
    workers.values().forEach(this::lookForNeedlessWipes);
    LastLook look =
        new LastLook(schedule, plan, kafka, scheduler.now(), load, List.copyOf(workers.values()));
    return new Ending(
        look.take(effects.faults()),
        List.copyOf(failures),
        caughtUp,
        scheduler.now(),
        takeovers.measured(),
        scheduler.trace());
  }

  private SimLinkNet links() {
    return links;
  }

  /// The brokers' clock.
  private long millis() {
    return SimSurroundings.BEGINNING.toEpochMilli() + scheduler.now() / 1_000_000;
  }

  private SimulatedWorker worker(int slot) {
    return workers.computeIfAbsent(
        slot,
        _ ->
            new SimulatedWorker(
                "w" + slot,
                disks.of("w" + slot, scheduler),
                scheduler,
                network,
                links,
                incarnations,
                () -> beats.on(app()),
                schedule.setup(),
                engines,
                effects,
                takeovers,
                failures));
  }

  private App app() {
    Setup setup = schedule.setup();
    return setup.app().make(setup, scheduler.random(), failures);
  }

  private void carryOut(Step step) {
    scheduler.note(scheduler.world(), step.text(), carriedOut, 0);
    carriedOut++;
    // a death is what is measured, what waits at a failpoint is nothing yet, and a second process
    // must not be noticed
    if (!(step instanceof Step.Crash
        || step instanceof Step.HaltAt
        || step instanceof Step.Stall
        || step instanceof Step.Twin)) {
      takeovers.disturbed();
    }
    workers.values().forEach(SimulatedWorker::copyDiskAtTimes);
    switch (step) {
      case Step.Crash(_, int slot, Duration down, Step.Disk left) -> worker(slot).crash(down, left);
      case Step.HaltAt(_, int slot, String failpoint, int hit, Duration down, String again) ->
          worker(slot).haltAt(failpoint, hit, down, again);
      case Step.Pause(_, int slot, Duration length) -> worker(slot).pause(length);
      case Step.PauseAt(_, int slot, String failpoint, int hit, Duration length) ->
          worker(slot).pauseAt(failpoint, hit, length);
      case Step.Stall(_, int slot, Duration length) -> worker(slot).stall(length);
      case Step.Twin(_, int slot) -> worker(slot).startTwin();
      case Step.CutOff(_, int slot, Duration length) -> weather.cutOff(worker(slot).name(), length);
      case Step.CutLink(_, int slot, int other, boolean oneWay, Duration length) ->
          weather.cutLink(worker(slot).name(), worker(other).name(), oneWay, length);
      case Step.Mute(_, int slot, Duration length) -> weather.mute(worker(slot).name(), length);
      case Step.Restart(_, int slot, Duration down) -> worker(slot).restart(down);
      case Step.Join(_, int slot) -> {
        effects.took("join", worker(slot).name(), SimFault.Nature.CLEAN);
        worker(slot).start();
      }
      case Step.Leave(_, int slot) -> worker(slot).leave();
      case Step.LoseReply(_, int slot, String api, int nth) ->
          weather.loseReply(worker(slot).name(), api, nth);
      case Step.LoseReplies(_, int slot, String api, Duration length) ->
          weather.loseReplies(worker(slot).name(), api, length);
      case Step.Delay(_, int slot, String api, int nth, Duration by) ->
          weather.delay(worker(slot).name(), api, nth, by);
      case Step.Refuse(_, String api, var error, Duration length) ->
          weather.refuse(api, error, length);
      case Step.Losses(_, double probability, Duration length) ->
          weather.losses(probability, length);
      case Step.Slow(_, int factor, Duration length) -> weather.slow(factor, length);
      case Step.Compact(_) -> {
        effects.took("compaction", "changelogs", SimFault.Nature.CLEAN);
        contract.tables().forEach(table -> kafka.compact(table.changelog(), 3));
      }
    }
  }

  private void lookWhetherCaughtUp() {
    caughtUp = hasCaughtUp();
    if (!caughtUp) {
      scheduler.after(scheduler.world(), LOOK_EVERY.toNanos(), this::lookWhetherCaughtUp);
    }
  }

  /// Stores follow the last commit, and a late rebalance may still be moving partitions.
  private void settle() {
    for (int i = 0; i < SETTLE_ATTEMPTS_MAX; i++) {
      scheduler.run(() -> !failures.isEmpty(), QUIET);
      if (!failures.isEmpty() || hasSettled()) {
        return;
      }
    }
    failures.add(
        "no rest: everything was healed and is handled, and %d s later %s"
            .formatted(
                SETTLE_ATTEMPTS_MAX * QUIET.toSeconds(),
                workers.values().stream()
                    .filter(worker -> worker.hasLeft() ? worker.isRunning() : !worker.isReady())
                    .map(worker ->
                        worker.name() + (worker.hasLeft() ? " has not ended" : " is not ready"))
                    .collect(
                        Collectors.collectingAndThen(
                            Collectors.joining(", "),
                            which -> which.isEmpty() ? "standbys are missing" : which))));
  }

  /// Whether every worker is ready and a member, and the group at rest, also when it has heard of
  /// whoever is still on the way to it.
  private boolean hasSettled() {
    List<SimulatedWorker> living =
        workers.values().stream().filter(worker -> !worker.hasLeft()).toList();
    Reply.GroupState group = kafka.describeGroup(contract.group());
    return kafka.isQuiet()
        && weather.hasDelivered()
        && workers.values().stream().noneMatch(worker -> worker.hasLeft() && worker.isRunning())
        && group.state().equals("Stable")
        && group.members().size() == living.size()
        && living.stream().allMatch(SimulatedWorker::isReady)
        && standbysAreComplete(living);
  }

  /// Whether each table partition has as many standbys as were asked for and there are workers for,
  /// and each of them has been at the end of its changelog.
  private boolean standbysAreComplete(List<SimulatedWorker> living) {
    Map<String, Integer> standbys = new HashMap<>();
    for (SimulatedWorker worker : living) {
      HttpSurface surface = worker.surface();
      if (surface != null) {
        surface.tables().stream()
            .filter(held -> held.role().equals("standby") && held.state().equals("running"))
            .forEach(held -> standbys.merge(held.table() + held.partition(), 1, Integer::sum));
      }
    }
    int expected = Math.min(schedule.setup().standbys(), living.size() - 1);
    return expected == 0
        || (standbys.size() == contract.tables().size() * schedule.setup().colorsPartitions()
            && standbys.values().stream().allMatch(count -> count >= expected));
  }

  /// Nothing here makes a changelog lose what a store has not: whatever a worker throws away, it
  /// could have kept.
  private void lookForNeedlessWipes(SimulatedWorker worker) {
    for (Disk.Wipe wipe : worker.disk().wipes()) {
      failures.add(
          "worker %s threw away what it had of %s up to offset %d, from where the changelog goes on"
              .formatted(worker.name(), wipe.partition(), wipe.position()));
    }
  }

  private void heal() {
    scheduler.note(scheduler.world(), "heal", 0, 0);
    weather.clear();
    workers.values().forEach(SimulatedWorker::heal);
    List.copyOf(workers.values()).stream()
        .filter(worker -> !worker.hasLeft())
        .forEach(SimulatedWorker::start);
    if (workers.values().stream().allMatch(SimulatedWorker::hasLeft)) {
      worker(0).start();
    }
  }

  /// Whether every record of the input topics is behind a committed offset, and no transaction is
  /// open.
  private boolean hasCaughtUp() {
    if (!load.hasEnded() || !kafka.isQuiet()) {
      return false;
    }
    return inputs().stream()
        .noneMatch(input ->
            kafka.hasCommittedFrom(
                input, Math.max(0, kafka.committedOffset(contract.group(), input))));
  }

  private List<TopicPartition> inputs() {
    List<TopicPartition> inputs = new ArrayList<>();
    for (String topic : contract.sources()) {
      int partitions =
          contract.inputs().contains(topic)
              ? schedule.setup().wordsPartitions()
              : schedule.setup().colorsPartitions();
      for (int i = 0; i < partitions; i++) {
        inputs.add(new TopicPartition(topic, i));
      }
    }
    return inputs;
  }
}
