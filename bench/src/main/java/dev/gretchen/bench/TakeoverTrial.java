package dev.gretchen.bench;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.nemesis.KafkaRoles;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.chaos.worker.Readiness;
import dev.gretchen.chaos.worker.WorkerCommand;
import dev.gretchen.chaos.worker.Workers;
import dev.gretchen.verifier.check.InputTask;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.history.AckWriter;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.load.LoadDriver;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadProgress;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.run.StartUpCache;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// One side of the takeover benchmark, from fresh topics to the audit of its answer.
///
/// The clock of a takeover starts when the victim's end is confirmed (where it only stands still,
/// when that is confirmed; where it is asked to leave, with the signal). A worker is hit only while
/// all are ready, copies are warm, owners stay the same, and every partition has outputs.
final class TakeoverTrial {

  private static final long SEED = 20_252_605;
  private static final Duration LOAD_MAX = Duration.ofDays(2);
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(50);

  /// So long owners must have stayed the same before a fault.
  private static final Duration STABLE = Duration.ofSeconds(2);

  /// How long it may take until all are at work and copies are warm again.
  private static final String AOT_CACHE = "aot-cache";

  private static final Duration STEADY_BOUND = Duration.ofMinutes(3);

  /// How long a takeover may take: session time-outs of 45 s, and a transaction's after that.
  private static final Duration TAKEOVER_BOUND = Duration.ofMinutes(4);

  /// An output no older than this says that its partition is at work.
  private static final Duration RECENT = Duration.ofSeconds(2);

  private static final Duration DRAIN_BOUND = Duration.ofMinutes(2);
  private static final int TABLES = 2;

  private final TakeoverOptions options;
  private final TakeoverSide side;
  private final Brokers brokers;
  private final ClusterState cluster;
  private final InstantSource clock;
  private final Consumer<TakeoverLine> keep;
  private final Consumer<String> screen;
  private final AppDescriptor app;
  private final LoadPlan plan;
  private final StartUpCache startUpCache;

  /// There is no number: the side does not get where it must.
  private static final class NoTakeover extends Exception {
    private static final long serialVersionUID = 1L;

    NoTakeover(String sentence) {
      super(sentence);
    }
  }

  /// What is at hand while workers run.
  private record Scene(Workers workers, KafkaRoles roles, OutputMeter meter) {}

  TakeoverTrial(
      TakeoverOptions options,
      TakeoverSide side,
      Brokers brokers,
      ClusterState cluster,
      InstantSource clock,
      Consumer<TakeoverLine> keep,
      Consumer<String> screen) {
    this.options = options;
    this.side = side;
    this.brokers = brokers;
    this.cluster = cluster;
    this.clock = clock;
    this.keep = keep;
    this.screen = screen;
    this.app = AppDescriptor.read(descriptor());
    this.startUpCache = new StartUpCache(options.out().resolve("start-up"));
    this.plan =
        new LoadPlan(
            LoadShape.uniform(
                SEED, options.rate(), LOAD_MAX, TakeoverOptions.PARTITIONS, palette()));
  }

  /// Measures all faults of the side.
  void run() throws InterruptedException {
    screen.accept(
        String.format(
            Locale.ROOT,
            "%s: %d workers, %d partitions, %,d events/s over %,d keys",
            side.label(),
            TakeoverOptions.WORKERS,
            TakeoverOptions.PARTITIONS,
            options.rate(),
            options.keys()));
    cluster.fresh(List.of("words", "colors", "color-counts"), TakeoverOptions.PARTITIONS);
    RunDirectory data =
        RunDirectory.create(options.out().resolve("load"), side.word(), clock.instant(), SEED);
    Map<String, Object> client = new HashMap<>(brokers.clientProperties());
    WorkerCommand command = command();
    try (Processes own = prepared(command);
        Workers workers = Workers.of(own, command, TakeoverOptions.WORKERS, logs(), clock);
        KafkaRoles roles =
            KafkaRoles.open(brokers.clientProperties(), app.group(), workers::names);
        AckWriter acks = new AckWriter(data, TakeoverOptions.PARTITIONS);
        LoadDriver driver =
            new LoadDriver(plan, app.inputs(), app.eventIdHeader(), client, acks, clock);
        OutputMeter meter =
            new OutputMeter(
                client,
                Optional.ofNullable(app.auditTopic()).orElse(""),
                plan,
                driver::startMillis,
                clock)) {
      workers.startAll();
      awaitReady(workers);
      Thread load = Thread.ofPlatform().name("load").daemon().start(driver::run);
      try {
        Thread.sleep(WARM_UP);
        hit(new Scene(workers, roles, meter));
        driver.stop();
        load.join();
        judge(driver, meter);
      } catch (NoTakeover none) {
        keep.accept(
            TakeoverLine.without(side, options.fault(), 0, String.valueOf(none.getMessage())));
      } finally {
        driver.stop();
        load.join();
      }
    }
  }

  private Path descriptor() {
    return options.home().resolve(side.descriptor());
  }

  private String palette() {
    return "synthetic:" + options.keys();
  }

  private Path logs() {
    return options.out().resolve("logs").resolve(side.word());
  }

  private WorkerCommand command() {
    Path folder = descriptor().toAbsolutePath().normalize().getParent();
    Map<String, String> values =
        new HashMap<>(
            Map.of(
                "java", Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "app-home", String.valueOf(folder),
                "bootstrap", brokers.bootstrap(),
                "guarantee", app.guarantee().word(),
                "commit-interval", Long.toString(TakeoverOptions.COMMIT_INTERVAL.toMillis()),
                "palette", palette(),
                "standbys", Integer.toString(side.standbys()),
                "version", "1"));
    values.put(AOT_CACHE, "");
    WorkerCommand any = new WorkerCommand(app.command(), values, Map.of());
    values.put(AOT_CACHE, startUpCache.file(any).toString());
    return new WorkerCommand(app.command(), values, Map.of());
  }

  /// All sides have a start-up cache: who starts again takes less of the cores that the others work
  /// on.
  private Processes prepared(WorkerCommand command) throws InterruptedException {
    Processes own = Processes.openTemporary(options.out().resolve("work-" + side.word()));
    startUpCache.prepare(
        own, command, Path.of(command.values().getOrDefault(AOT_CACHE, "")), logs());
    return own;
  }

  private void hit(Scene scene) throws InterruptedException, NoTakeover {
    awaitSteady(scene);
    for (int number = 1; number <= options.faults(side); number++) {
      long calmFrom = clock.millis();
      Thread.sleep(OutputMeter.STRETCH);
      Map<String, Set<InputTask>> owned = owned(scene);
      // in turn, so that a worker has had its time to come to itself
      List<String> owners = owned.keySet().stream().sorted().toList();
      String victim = owners.get(number % owners.size());
      Set<InputTask> held = owned.getOrDefault(victim, Set.of());
      long at = strike(scene.workers(), victim);
      awaitTakenOver(scene, victim, held);
      Thread.sleep(Math.max(0, at + OutputMeter.STRETCH.toMillis() - clock.millis()));
      bringBack(scene.workers(), victim);
      awaitSteady(scene);
      long until =
          options.fault() == TakeoverFault.RESTART
              ? clock.millis()
              : at + OutputMeter.STRETCH.toMillis();
      OutputMeter.Seen seen =
          scene.meter().after(new OutputMeter.Struck(victim, held, calmFrom, at, until));
      keep.accept(
          new TakeoverLine(
              side.word(),
              options.fault().word(),
              number,
              "",
              victim,
              held.size(),
              seen.silence(),
              seen.usual(),
              seen.others(),
              seen.othersUsual(),
              seen.replayed(),
              seen.phases()));
    }
  }

  /// What each worker has, by the group.
  private Map<String, Set<InputTask>> owned(Scene scene) throws InterruptedException, NoTakeover {
    Map<String, Set<InputTask>> owned = new HashMap<>();
    scene
        .roles()
        .owners()
        .forEach((partition, worker) -> {
          InputTask task = InputTask.parse(partition);
          if (task != null && app.sources().contains(task.topic())) {
            owned.computeIfAbsent(worker, _ -> new HashSet<>()).add(task);
          }
        });
    owned.keySet().removeIf(worker -> !scene.workers().isRunning(worker));
    if (owned.isEmpty()) {
      throw new NoTakeover("nobody owns a partition, says the group");
    }
    return owned;
  }

  /// @return epoch milliseconds from which on the victim does nothing any more
  private long strike(Workers workers, String victim) throws InterruptedException, NoTakeover {
    return switch (options.fault()) {
      case KILL -> {
        workers.kill(victim);
        yield clock.millis();
      }
      case PAUSE -> {
        if (!workers.pause(victim)) {
          throw new NoTakeover(victim + " does not stand still after SIGSTOP");
        }
        yield clock.millis();
      }
      case RESTART -> {
        long at = clock.millis();
        var exit = workers.stopGracefully(victim, Workers.STOP_TIMEOUT);
        if (exit.exitStatus().orElse(-1) != 0) {
          throw new NoTakeover("SIGTERM to " + victim + ": " + exit.describe());
        }
        workers.start(victim);
        yield at;
      }
    };
  }

  /// Whoever has the partitions now must have shown an output of each since it has them.
  private void awaitTakenOver(Scene scene, String victim, Set<InputTask> held)
      throws InterruptedException, NoTakeover {
    boolean mayReturn = options.fault() == TakeoverFault.RESTART;
    long deadline = System.nanoTime() + TAKEOVER_BOUND.toNanos();
    long takenOver = 0;
    while (System.nanoTime() < deadline) {
      scene.meter().require();
      if (takenOver == 0) {
        Map<String, String> owners = scene.roles().owners();
        boolean all =
            held.stream()
                .map(task -> owners.getOrDefault(task.toString(), ""))
                .allMatch(owner ->
                    !owner.isEmpty()
                        && (mayReturn || !owner.equals(victim))
                        && scene.workers().isRunning(owner));
        takenOver = all ? clock.millis() : 0;
      } else {
        long since = takenOver;
        if (held.stream().allMatch(task -> scene.meter().lastOutput(task) > since)) {
          return;
        }
      }
      Thread.sleep(POLL);
    }
    throw new NoTakeover(
        "%d s after a %s of %s, not all of its partitions %s are at work"
            .formatted(
                TAKEOVER_BOUND.toSeconds(), options.fault().label(), victim, new TreeSet<>(held)));
  }

  private void bringBack(Workers workers, String victim) throws InterruptedException {
    switch (options.fault()) {
      case KILL -> workers.start(victim);
      case PAUSE -> workers.resume(victim);
      case RESTART -> {
        // it is on its way
      }
    }
    workers.awaitReady(victim, Workers.READY_TIMEOUT);
  }

  private static void awaitReady(Workers workers) throws InterruptedException {
    workers
        .awaitAllReady(Workers.READY_TIMEOUT)
        .forEach((worker, readiness) -> {
          if (!readiness.isReady()) {
            String tail =
                readiness instanceof Readiness.Down(int _, String log) ? ": " + log.strip() : "";
            throw new EnvironmentFailure("Worker " + worker + " is " + readiness.describe() + tail);
          }
        });
  }

  /// All are ready, copies are warm, owners stay the same, every partition is at work.
  private void awaitSteady(Scene scene) throws InterruptedException, NoTakeover {
    long deadline = System.nanoTime() + STEADY_BOUND.toNanos();
    Map<String, String> before = Map.of();
    long since = System.nanoTime();
    while (true) {
      scene.meter().require();
      Map<String, String> owners = scene.roles().owners();
      if (!owners.equals(before)) {
        before = owners;
        since = System.nanoTime();
      }
      Optional<String> obstacle = obstacle(scene, owners);
      if (obstacle.isEmpty() && System.nanoTime() - since > STABLE.toNanos()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new NoTakeover(
            "not steady for "
                + STEADY_BOUND.toSeconds()
                + " s: "
                + obstacle.orElse("owners keep changing"));
      }
      Thread.sleep(POLL);
    }
  }

  private Optional<String> obstacle(Scene scene, Map<String, String> owners)
      throws InterruptedException {
    if (side == TakeoverSide.ENGINE && isUneven(scene.workers().initial(), owners)) {
      // whether Kafka Streams' tasks will still move is its own affair
      return Optional.of("tasks are not shared out evenly");
    }
    int copies = 0;
    for (String worker : scene.workers().initial()) {
      if (!scene.workers().isRunning(worker)) {
        // one that went on after a pause may have ended by itself
        scene.workers().start(worker);
      }
      if (!scene.workers().isReady(worker)) {
        return Optional.of(worker + " is not ready");
      }
      Workers.Copies kept = scene.workers().copies(worker, side.copies());
      if (kept.warm() < kept.all()) {
        return Optional.of(
            "%s has %d of %d copies warm".formatted(worker, kept.warm(), kept.all()));
      }
      copies += kept.all();
    }
    int expected = TABLES * TakeoverOptions.PARTITIONS * side.standbys();
    if (copies < expected) {
      return Optional.of("%d copies are kept instead of %d".formatted(copies, expected));
    }
    Set<InputTask> tasks = scene.meter().tasks();
    if (tasks.size() < app.sources().size() * TakeoverOptions.PARTITIONS) {
      return Optional.of("only " + tasks.size() + " partitions have shown anything");
    }
    long now = clock.millis();
    return tasks.stream()
        .filter(task -> now - scene.meter().lastOutput(task) > RECENT.toMillis())
        .findFirst()
        .map(task -> task + " is silent");
  }

  /// Whether a worker has more than one task more than another, so that a move is still to come.
  private static boolean isUneven(List<String> workers, Map<String, String> owners) {
    LongSummaryStatistics counts =
        workers.stream()
            .mapToLong(worker -> Collections.frequency(owners.values(), worker))
            .summaryStatistics();
    return counts.getMax() - counts.getMin() > 1;
  }

  /// How many events the producer has said something about.
  private static long told(LoadProgress progress) {
    return progress.acked() + progress.failed() + progress.unknown();
  }

  /// Each event has its update, and the last update of each key is the truth.
  private void judge(LoadDriver driver, OutputMeter meter) throws InterruptedException, NoTakeover {
    LoadProgress progress = driver.progress();
    for (long until = System.nanoTime() + DRAIN_BOUND.toNanos();
        told(progress) < progress.sent() && System.nanoTime() < until;
        progress = driver.progress()) {
      Thread.sleep(POLL);
    }
    if (told(progress) < progress.sent()) {
      throw new NoTakeover("the load's producer does not say what became of its last events");
    }
    if (progress.failed() + progress.unknown() > 0) {
      throw new NoTakeover(
          progress.failed() + progress.unknown() + " events of the load are in doubt");
    }
    Answers truth = Answers.truth(plan, progress.sent(), options.keys());
    long deadline = System.nanoTime() + DRAIN_BOUND.toNanos();
    while (meter.counted() < truth.events() && System.nanoTime() < deadline) {
      meter.require();
      Thread.sleep(POLL);
    }
    Workload workload = new Workload(Stage.APP, options.keys(), Math.max(1_000, progress.sent()));
    Judged judged =
        new Auditor(brokers.clientProperties(), workload, truth)
            .judge(Set.of(workload.stage().answers()));
    if (judged instanceof Judged.Wrong(String sentence)) {
      throw new NoTakeover("wrong answer: " + sentence);
    }
    screen.accept(
        String.format(
            Locale.ROOT,
            "  %-15s %,d events, each counted exactly once",
            side.word(),
            progress.sent()));
  }
}
