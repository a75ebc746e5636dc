package dev.gretchen.verifier.run;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.Cluster;
import dev.gretchen.chaos.process.Leftovers;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.chaos.worker.WorkerCommand;
import dev.gretchen.chaos.worker.Workers;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.ManualLoad;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// A cluster, an app's workers and a load that last until they are closed: what a run has, but for
/// a plan of faults, a history and a verdict. Whoever opens it does to it what they like.
///
/// Workers and brokers may be used from any thread, as they say themselves.
public final class LiveRun implements AutoCloseable {

  /// The folder below that of all runs in which its logs are.
  public static final String FOLDER = "demo";

  private final RunOptions options;
  private final Opened opened = new Opened();
  private final Path folder;
  private final Cluster cluster;
  private final Workers workers;
  private final ManualLoad load;

  private LiveRun(RunOptions options, Screen screen, InstantSource clock)
      throws InterruptedException {
    this.options = options;
    RunDirectory run =
        RunDirectory.create(options.runs(), FOLDER, clock.instant(), options.load().seed());
    this.folder = run.path();
    try {
      Processes processes =
          opened.add(
              Processes.openTemporary(
                  folder.resolve("work"), Leftovers.open(folder.resolve(Leftovers.FILE))));
      ServiceDesk services = opened.add(ServiceDesk.launch(run, options, processes, clock));
      Network network = opened.add(Network.open(options));
      Assembly assembly = new Assembly(options, run, screen);
      this.cluster = opened.add(assembly.cluster(processes, network));
      Map<String, Object> client = clientProperties();
      new TopicSetup(client, options.app()).create(options.load().partitions());
      LoadPlan plan = new LoadPlan(options.load(), options.app().offer().load());
      services.open(plan);
      WorkerCommand command = assembly.command(cluster, network, services);
      assembly.prepareStart(processes, command);
      this.workers =
          opened.add(Workers.of(processes, command, options.workers(), run.logs(), clock));
      assembly.startAll(workers);
      this.load =
          opened.add(
              new ManualLoad(plan, options.app().inputs(), options.app().eventIdHeader(), client));
    } catch (RuntimeException | InterruptedException early) {
      close();
      throw early;
    }
  }

  /// Starts all of it and returns when all workers are ready; the load stands still until somebody
  /// runs it.
  ///
  /// @throws EnvironmentFailure where the machine or the cluster does not let it
  public static LiveRun open(RunOptions options, Screen screen, InstantSource clock)
      throws InterruptedException {
    if (options.kafka() instanceof KafkaChoice.External) {
      throw new EnvironmentFailure(
          "a demonstration kills brokers and leaves topics, so it does not run on a cluster of"
              + " somebody else's: leave out --bootstrap");
    }
    if (options.app().outside().chat() != null) {
      throw new EnvironmentFailure(
          options.app().name()
              + " lives by its clients, whom a demonstration does not have: run ./gretchen verify "
              + options.app().name()
              + ", or open the page of a worker that you started");
    }
    return new LiveRun(options, screen, clock);
  }

  public AppDescriptor app() {
    return options.app();
  }

  /// Partitions of each input topic.
  public int partitions() {
    return options.load().partitions();
  }

  /// Where its logs are.
  public Path folder() {
    return folder;
  }

  public Cluster cluster() {
    return cluster;
  }

  public Workers workers() {
    return workers;
  }

  public ManualLoad load() {
    return load;
  }

  /// Settings for Kafka clients.
  public Map<String, Object> clientProperties() {
    return new HashMap<>(cluster.clientProperties());
  }

  /// Stops all that was started, the last first; where one cannot be stopped, the watcher process
  /// ends it when this JVM ends.
  @Override
  public void close() {
    opened.close();
  }
}
