package dev.gretchen.verifier.run;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.broker.Cluster;
import dev.gretchen.chaos.fault.Capabilities;
import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.machine.Machine;
import dev.gretchen.chaos.machine.Mechanism;
import dev.gretchen.chaos.nemesis.Access;
import dev.gretchen.chaos.nemesis.Field;
import dev.gretchen.chaos.nemesis.KafkaIntruder;
import dev.gretchen.chaos.nemesis.KafkaOperator;
import dev.gretchen.chaos.nemesis.KafkaRoles;
import dev.gretchen.chaos.nemesis.Nemesis;
import dev.gretchen.chaos.plan.Plan;
import dev.gretchen.chaos.plan.Setting;
import dev.gretchen.chaos.process.Leftovers;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.chaos.proxy.Entrances;
import dev.gretchen.chaos.worker.WorkerCommand;
import dev.gretchen.chaos.worker.Workers;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.history.AckWriter;
import dev.gretchen.verifier.history.Observers;
import dev.gretchen.verifier.history.OffsetsProbe;
import dev.gretchen.verifier.history.ProcessProbe;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.history.StoreProbe;
import dev.gretchen.verifier.history.TransactionsProbe;
import dev.gretchen.verifier.judge.Judge;
import dev.gretchen.verifier.judge.Judgement;
import dev.gretchen.verifier.judge.RunFacts;
import dev.gretchen.verifier.load.Barrier;
import dev.gretchen.verifier.load.LoadDriver;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadProgress;
import dev.gretchen.verifier.progress.ProgressFile;
import dev.gretchen.verifier.report.Reports;
import dev.gretchen.verifier.report.Repro;
import dev.gretchen.verifier.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

/// One run.
///
///     preflight -> warm-up -> faults under load -> heal -> barrier -> drain -> quiescent checks -> verdict
///
/// Everything that it starts ends with it: by this class in the good case, by a watcher process should this JVM be killed.
public final class Run {

  private static final Duration TICK = Duration.ofMillis(500);
  private static final Duration OFFSETS_BOUND = Duration.ofSeconds(1);
  private static final Duration BARRIER_BOUND = Duration.ofMinutes(1);
  private static final Duration HEAL_BOUND = Duration.ofMinutes(3);

  /// How long the app may take to catch up after the load.
  public static final Duration DRAIN_BOUND = Duration.ofMinutes(2);

  /// How long a transaction may be open at the end: its time-out, and until somebody looks.
  private static final Duration REST_BOUND = Duration.ofSeconds(45);

  private static final int OFFSETS_EVERY_TICKS = 4;
  private static final int PROCESSES_EVERY_TICKS = 2;
  private static final long DISK_FREE_MIN = 8L << 20;

  private final RunOptions options;
  private final Screen screen;
  private final InstantSource clock;
  private final List<String> harnessErrors = new ArrayList<>();

  /// What became of a run.
  public record Result(RunDirectory directory, Verdict verdict) {}

  public Run(RunOptions options, Screen screen, InstantSource clock) {
    this.options = options;
    this.screen = screen;
    this.clock = clock;
  }

  /// Runs and judges. Ends early, with everything stopped and what is known written, when the
  /// calling thread is interrupted.
  ///
  /// @throws EnvironmentFailure where the machine or the cluster does not let it
  /// @throws Interruption after an early end
  public Result execute() {
    RunDirectory run =
        RunDirectory.create(
            options.runs(), options.app().name(), clock.instant(), options.load().seed());
    try (ProgressFile _ = screen.alsoIn(new ProgressFile(run.path(), clock))) {
      return execute(run);
    }
  }

  private Result execute(RunDirectory run) {
    screen.say("run     " + run.path() + "  (seed " + options.load().seed() + ")");
    RunFacts facts =
        RunFacts.before(
                options.app().name(), options.load(), options.guarantee(), options.judgeAs())
            .askedBy(options.command())
            .atCommit(commit());
    facts.write(run, options.descriptor());
    Assembly assembly = new Assembly(options, run, screen);
    try (Processes processes =
            Processes.openTemporary(
                run.path().resolve("work"), Leftovers.open(run.path().resolve(Leftovers.FILE)));
        ServiceDesk services = ServiceDesk.launch(run, options, processes, clock);
        Network network = Network.open(options);
        Cluster cluster = assembly.cluster(processes, network)) {
      TopicSetup topics = new TopicSetup(Map.copyOf(cluster.clientProperties()), options.app());
      topics.create(options.load().partitions());
      try {
        facts = underLoad(run, facts, processes, new Around(assembly, cluster, network, services));
      } finally {
        if (options.kafka() instanceof KafkaChoice.External) {
          removeTopics(topics);
        }
      }
    } catch (InterruptedException | Interruption cause) {
      brokenOff(run, facts, "The run was interrupted before its end");
      throw new Interruption(cause);
    } catch (EnvironmentFailure failure) {
      brokenOff(run, facts, String.valueOf(failure.getMessage()));
      throw failure;
    }
    facts.write(run, options.descriptor());
    screen.say("judging");
    return new Result(run, judge(run).verdict());
  }

  /// Of the app, which is what changes from run to run. An interrupt is left for whoever waits
  /// next.
  private String commit() {
    try {
      return SourceCommit.of(options.appHome());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private Judgement judge(RunDirectory run) {
    Judgement judgement = Judge.judge(run.path());
    judgement.write(run);
    write(run, judgement);
    return judgement;
  }

  /// Writes down what is known of a run that did not reach its end, as far as the disk lets us.
  private void brokenOff(RunDirectory run, RunFacts before, String why) {
    harnessErrors.add(why);
    try {
      before.ended(false, 0, clock.millis(), harnessErrors).write(run, options.descriptor());
      judge(run);
    } catch (UncheckedIOException cause) {
      screen.say("  what was seen cannot be written: " + cause.getMessage());
    }
  }

  private void removeTopics(TopicSetup topics) {
    try {
      topics.remove();
    } catch (EnvironmentFailure failure) {
      screen.say("  the run's topics are left on the cluster: " + failure.getMessage());
    }
  }

  /// What surrounds the workers.
  private record Around(
      Assembly assembly, Cluster cluster, Network network, ServiceDesk services) {}

  /// What looks on while the load lasts.
  private record Probes(
      Observers observers,
      OffsetsProbe offsets,
      TransactionsProbe transactions,
      ProcessProbe processes) {}

  private RunFacts underLoad(RunDirectory run, RunFacts before, Processes processes, Around around)
      throws InterruptedException {
    Cluster cluster = around.cluster();
    ServiceDesk services = around.services();
    Map<String, Object> client = new HashMap<>(cluster.clientProperties());
    LoadPlan plan = new LoadPlan(options.load(), options.app().offer().load());
    services.origins().forEach(origin -> screen.say("service " + origin));
    services.open(plan);
    WorkerCommand command = around.assembly().command(cluster, around.network(), services);
    around.assembly().prepareStart(processes, command);
    try (Workers workers =
            Workers.of(
                processes,
                command,
                options.workers(),
                run.logs(),
                clock,
                around.assembly().preload(processes, FaultKind.Need.PRELOAD));
        Observers observers = Observers.open(client, options.app(), run, clock);
        OffsetsProbe offsets = new OffsetsProbe(client, options.app(), run, clock);
        TransactionsProbe transactions =
            new TransactionsProbe(client, options.app().topics(), run, clock);
        ProcessProbe looks = new ProcessProbe(run, () -> pids(workers), clock);
        FaultLog faultLog = new FaultLog(run, screen);
        KafkaRoles roles =
            KafkaRoles.open(cluster.clientProperties(), options.app().group(), workers::names);
        KafkaIntruder intruder =
            KafkaIntruder.open(cluster.clientProperties(), options.app().group());
        KafkaOperator operator = operator(cluster);
        AckWriter acks =
            new AckWriter(run, options.load().partitions() * options.app().inputs().size());
        Entrances entrances = new Entrances(workers::port);
        Visitors visitors =
            Visitors.of(
                options.app(), plan, run, () -> Visitors.doors(workers, entrances), clock)) {
      Plan faults = plan(run, around, faultLog);
      around.assembly().startAll(workers);
      visitors.gather(screen);

      LoadDriver driver =
          new LoadDriver(
              plan, options.app().inputs(), options.app().eventIdHeader(), client, acks, clock);
      LoadUnderWay load = new LoadUnderWay(plan, driver);
      Probes probes = new Probes(observers, offsets, transactions, looks);
      RunFacts loaded;
      screen.say(
          String.format(
              Locale.ROOT,
              "load    %,d events, %,.0f/s for %d s; %d faults planned%s",
              plan.count(),
              options.load().rate(),
              options.load().length().toSeconds(),
              faults.steps().size(),
              faults.leftOut().isEmpty()
                  ? ""
                  : ", " + faults.leftOut().size() + " kinds left out"));
      try (Nemesis nemesis =
          Nemesis.start(
              faults,
              new Field(
                  workers,
                  cluster.brokerFaults(),
                  around.network().faults(),
                  new Access(roles, intruder, operator, observers::awaitCaughtUp),
                  services.fronts(),
                  entrances),
              load,
              faultLog,
              clock)) {
        try {
          probes.processes().sample();
          load.start();
          visitors.begin();
          watch(load, driver, plan, probes, faultLog, cluster, services);
          visitors.rest();
          loaded =
              before.loaded(driver.startMillis(), driver.endMillis(), driver.progress().sent());
          screen.say("healing");
          if (!nemesis.await(HEAL_BOUND)) {
            harnessErrors.add(
                "The faults were not over " + HEAL_BOUND.toSeconds() + " s after the load");
          }
          harnessErrors.addAll(nemesis.unhealed());
          driver.close();
        } catch (EnvironmentFailure | InterruptedException early) {
          // all of it is torn down at once: nothing to heal, nobody to wait for
          nemesis.abandon();
          driver.abandon();
          throw early;
        }
      }
      visitors.settle();
      loaded = quiesce(run, loaded, client, workers, probes, faultLog);
      loaded = loaded.withErrors(visitors.finish());
      services.collect();
      return loaded;
    }
  }

  /// The load is over and everything healed: nothing may be in doubt, nothing left to do, and all
  /// stores tell what they hold.
  private RunFacts quiesce(
      RunDirectory run,
      RunFacts loaded,
      Map<String, Object> client,
      Workers workers,
      Probes probes,
      FaultLog faultLog)
      throws InterruptedException {
    boolean stood = true;
    for (String input : options.app().inputs()) {
      if (Barrier.raise(client, input, options.load().partitions(), lastTime(), BARRIER_BOUND)
          instanceof Barrier.Fell(String why)) {
        harnessErrors.add(why);
        stood = false;
      }
    }
    screen.say("draining");
    long drainedAt = probes.offsets().awaitDrained(probes.observers(), DRAIN_BOUND);
    probes.processes().sample();
    probes.offsets().sample(true, DRAIN_BOUND);
    try {
      probes.transactions().sampleAtRest(REST_BOUND);
    } catch (KafkaException _) {
      // what could not be seen is left open by the judge
    }
    try (StoreProbe stores = new StoreProbe(run, clock)) {
      stores.probe(endpoints(workers));
    }
    String observing = probes.observers().failure();
    if (observing != null) {
      harnessErrors.add(observing);
    }
    // those since the last fault included
    workers.unexpectedExits().forEach(faultLog::unexpectedExit);
    harnessErrors.addAll(faultLog.surprises());
    return loaded.ended(stood, drainedAt, clock.millis(), harnessErrors);
  }

  private long lastTime() {
    LoadPlan plan = new LoadPlan(options.load(), options.app().offer().load());
    return plan.event(plan.count() - 1).timestamp();
  }

  private void watch(
      LoadUnderWay load,
      LoadDriver driver,
      LoadPlan plan,
      Probes probes,
      FaultLog faultLog,
      Cluster cluster,
      ServiceDesk services)
      throws InterruptedException {
    for (int tick = 1; !load.awaitEnd(TICK); tick++) {
      LoadProgress progress = driver.progress();
      screen.progress(
          (double) progress.sent() / plan.count(),
          String.format(
              Locale.ROOT,
              "%,d sent  %,d observed  %,.0f/s  faults %d",
              progress.sent(),
              probes.observers().records(options.app().input()),
              progress.rate(),
              faultLog.injected()));
      if (tick % OFFSETS_EVERY_TICKS == 0) {
        sample(probes);
      }
      if (tick % PROCESSES_EVERY_TICKS == 0) {
        probes.processes().sample();
      }
      requireSurroundings(probes.observers(), cluster, services);
    }
    Throwable failure = load.failure();
    if (failure != null) {
      harnessErrors.add("The load ended early: " + failure);
    }
  }

  /// A run whose history cannot be written, or whose brokers die by themselves, is not worth
  /// waiting for.
  private void requireSurroundings(Observers observers, Cluster cluster, ServiceDesk services) {
    String failure = observers.failure();
    if (failure == null && cluster instanceof Brokers brokers) {
      failure = brokers.unexpectedExits().stream().findFirst().orElse(null);
    }
    if (failure == null) {
      failure = services.unexpectedExit().orElse(null);
    }
    if (failure != null) {
      throw new EnvironmentFailure(
          isDiskFull()
              ? "The disk that holds "
                  + options.runs()
                  + " is full; free some space, or choose another folder with --runs"
              : failure);
    }
  }

  private boolean isDiskFull() {
    try {
      return Files.getFileStore(options.runs()).getUsableSpace() < DISK_FREE_MIN;
    } catch (IOException _) {
      return false;
    }
  }

  private static void sample(Probes probes) throws InterruptedException {
    try {
      probes.offsets().sample(false, OFFSETS_BOUND);
      probes.transactions().sample();
    } catch (KafkaException _) {
      // a broker is down: no observation, which is no anomaly either
    }
  }

  private Plan plan(RunDirectory run, Around around, FaultLog faultLog)
      throws InterruptedException {
    List<String> endpoints = options.app().endpoints();
    Capabilities.Usable usable =
        new Capabilities(
                around.cluster().brokerFaults(),
                new Capabilities.AppSide(
                    endpoints.contains("failpoints"),
                    endpoints.contains("verify"),
                    !around.services().fronts().isEmpty(),
                    options.app().outside().chat() != null,
                    WorkerCommand.placeholders(options.app().command())),
                around.network().faults(),
                machine(run))
            .restrict(options.faults());
    usable.skipped().forEach(faultLog::skipped);
    Plan plan =
        Plan.generate(
            new Setting(
                options.load().seed(),
                usable.selection(),
                options.load().length(),
                options.workers(),
                new Setting.Source(options.app().input(), options.load().partitions()),
                brokers(around.cluster())));
    plan.leftOut().forEach(faultLog::skipped);
    try {
      Files.writeString(run.plan(), plan.toJson());
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot write " + run.plan(), cause);
    }
    return plan;
  }

  /// Tried only where a fault depends on it.
  private Machine machine(RunDirectory run) throws InterruptedException {
    boolean asked =
        options.faults().kinds().stream()
            .anyMatch(kind -> kind.need().mechanism() != Mechanism.SIGNALS);
    return asked ? Machine.probe(run.path().resolve("probe")) : Machine.unknown();
  }

  private KafkaOperator operator(Cluster cluster) {
    return KafkaOperator.open(
        cluster.clientProperties(),
        options.app().group(),
        options.app().input(),
        options.app().tables().stream().map(AppDescriptor.Table::changelog).toList(),
        options.app().topics());
  }

  private static int brokers(Cluster cluster) {
    return switch (cluster.brokerFaults()) {
      case BrokerFaults.Supported(var control) -> control.ids().size();
      case BrokerFaults.Unsupported _ -> 0;
    };
  }

  private static Map<String, Long> pids(Workers workers) {
    Map<String, Long> pids = new LinkedHashMap<>();
    for (String worker : workers.running()) {
      workers.incarnation(worker).ifPresent(process -> pids.put(worker, process.pid()));
    }
    return pids;
  }

  private static Map<String, URI> endpoints(Workers workers) {
    Map<String, URI> endpoints = new LinkedHashMap<>();
    for (String worker : workers.running()) {
      workers.incarnation(worker).ifPresent(process -> endpoints.put(worker, process.endpoint()));
    }
    return endpoints;
  }

  private void write(RunDirectory run, Judgement judgement) {
    List<String> command = new ArrayList<>(options.command());
    command.add("--seed=" + options.load().seed());
    try {
      Reports.write(run.path(), judgement.verdict(), judgement.timeline(), Repro.exactly(command));
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot write the reports of " + run.path(), cause);
    }
  }
}
