package dev.gretchen.verifier.run;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.BrokerSettings;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.broker.Cluster;
import dev.gretchen.chaos.broker.DockerCluster;
import dev.gretchen.chaos.broker.ExternalCluster;
import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.process.Preload;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.chaos.worker.Readiness;
import dev.gretchen.chaos.worker.WorkerCommand;
import dev.gretchen.chaos.worker.Workers;
import dev.gretchen.verifier.history.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts together what workers need, brokers and the command that starts them, by the options of a
/// run. Used by the thread that tells the run's story.
final class Assembly {

  private static final String AOT_CACHE = "aot-cache";

  private final RunOptions options;
  private final RunDirectory run;
  private final Screen screen;
  private final StartUpCache startUpCache;

  Assembly(RunOptions options, RunDirectory run, Screen screen) {
    this.options = options;
    this.run = run;
    this.screen = screen;
    this.startUpCache = new StartUpCache(options.appHome().resolve("target"));
  }

  /// Starts brokers, or finds those that the options name.
  ///
  /// @throws EnvironmentFailure where there are none in time
  Cluster cluster(Processes processes, Network network) throws InterruptedException {
    return switch (options.kafka()) {
      case KafkaChoice.Embedded(int brokers) -> {
        screen.say("kafka   starting " + brokers + " brokers");
        yield network.connect(
            Brokers.start(
                processes,
                network.settings(
                    BrokerSettings.withLogs(run.logs())
                        .withCount(brokers)
                        .withPreload(preload(processes, FaultKind.Need.BROKER_PRELOAD)))));
      }
      case KafkaChoice.Docker _ -> {
        screen.say("kafka   starting a container");
        yield DockerCluster.start();
      }
      case KafkaChoice.External(String bootstrap, Map<String, String> properties) -> {
        screen.say("kafka   connecting to " + bootstrap);
        yield ExternalCluster.connect(bootstrap, properties);
      }
    };
  }

  /// How a worker of the app is started on a cluster.
  WorkerCommand command(Cluster cluster, Network network, ServiceDesk services) {
    Map<String, String> values = new HashMap<>();
    values.put("java", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    values.put("app-home", options.appHome().toString());
    values.put("bootstrap", cluster.bootstrap());
    values.put("guarantee", options.guarantee().word());
    values.put("commit-interval", Long.toString(options.commitInterval().toMillis()));
    values.put("palette", options.load().palette());
    values.put("standbys", Integer.toString(options.standbys()));
    values.put("version", "1");
    values.put(AOT_CACHE, "");
    services.addresses().keySet().forEach(service -> values.put(service, ""));
    WorkerCommand any = new WorkerCommand(options.app().command(), values, Map.of());
    values.put(AOT_CACHE, startUpCache.file(any).toString());
    values.putAll(services.addresses());
    Map<String, String> environment = new HashMap<>();
    if (options.app().outside().chat() != null) {
      environment.put("CHAT_MODERATOR_TOKEN", Visitors.token(options.load().seed()));
    }
    if (options.kafka() instanceof KafkaChoice.External) {
      environment.put("GRETCHEN_CLIENT_CONFIG", clientConfiguration(cluster).toString());
    }
    return new WorkerCommand(options.app().command(), values, environment, network::individual);
  }

  private Path clientConfiguration(Cluster cluster) {
    Path file = run.path().resolve("work").resolve("client.properties");
    java.util.Properties properties = new java.util.Properties();
    properties.putAll(cluster.clientProperties());
    try (var writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot write " + file, cause);
    }
    return file;
  }

  /// Makes what lets the workers start faster, where the app asks for it and it is missing.
  void prepareStart(Processes processes, WorkerCommand command) throws InterruptedException {
    Path file = Path.of(command.values().getOrDefault(AOT_CACHE, ""));
    startUpCache.prepare(processes, command, file, run.logs());
  }

  /// Starts the initial workers and waits until all are ready.
  ///
  /// @throws EnvironmentFailure where one is not
  void startAll(Workers workers) throws InterruptedException {
    screen.say("app     starting " + options.workers() + " workers of " + options.app().name());
    workers.startAll();
    Map<String, Readiness> readiness = workers.awaitAllReady(Workers.READY_TIMEOUT);
    for (Map.Entry<String, Readiness> worker : readiness.entrySet()) {
      if (!worker.getValue().isReady()) {
        String tail =
            worker.getValue() instanceof Readiness.Down(int _, String log)
                ? ": " + log.strip()
                : "";
        throw new EnvironmentFailure(
            "Worker " + worker.getKey() + " is " + worker.getValue().describe() + tail);
      }
    }
  }

  /// Built only where a fault depends on it, and where it can be: the plan says why it cannot.
  @Nullable Preload preload(Processes processes, FaultKind.Need need) throws InterruptedException {
    boolean asked = options.faults().kinds().stream().anyMatch(kind -> kind.need() == need);
    try {
      return asked ? Preload.build(processes.scratch().resolve(need.name())) : null;
    } catch (EnvironmentFailure _) {
      return null;
    }
  }
}
