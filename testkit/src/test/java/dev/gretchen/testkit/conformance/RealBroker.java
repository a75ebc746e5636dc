package dev.gretchen.testkit.conformance;

import dev.gretchen.chaos.broker.BrokerSettings;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.process.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A real broker, and what scripts observe on it. Several are under way at once, since most of them
/// wait most of the time; each has one thread.
final class RealBroker implements AutoCloseable {

  private static final int SCRIPTS_AT_ONCE = 6;

  private final Processes processes;
  private final Brokers brokers;
  private final ExecutorService threads;
  private final Map<String, Future<List<String>>> observations = new HashMap<>();

  private RealBroker(Processes processes, Brokers brokers) {
    this.processes = processes;
    this.brokers = brokers;
    this.threads =
        Executors.newFixedThreadPool(
            SCRIPTS_AT_ONCE, Thread.ofPlatform().name("script-", 0).factory());
  }

  static RealBroker open() throws Exception {
    Path scratch = Files.createTempDirectory("gretchen-conformance-it");
    Processes processes = Processes.openTemporary(scratch);
    return new RealBroker(
        processes,
        Brokers.start(processes, BrokerSettings.withLogs(scratch.resolve("logs")).withCount(1)));
  }

  /// Has scripts performed, in this order as far as they do not run beside one another.
  void perform(List<Script> scripts) {
    World world = new RealWorld(brokers.bootstrap());
    for (Script script : scripts) {
      observations.put(script.name(), threads.submit(() -> script.run(world)));
    }
  }

  /// What was observed; waits until it is known.
  List<String> observed(Script script) throws Exception {
    Future<List<String>> future = observations.get(script.name());
    if (future == null) {
      throw new IllegalArgumentException("script " + script.name() + " is not performed");
    }
    return future.get();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    brokers.close();
    processes.close();
  }
}
