package dev.gretchen.chaos.service;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.Ports;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The services of one run, each behind its [Front].
///
/// [#launch] returns at once, so that brokers can start meanwhile; [#awaitHealthy] waits. Ends with
/// its processes, which [Processes] sees to even where this JVM is killed.
public final class Services implements AutoCloseable {

  /// How long a service may take until it answers: a search engine on a busy machine is slow.
  public static final Duration HEALTHY_TIMEOUT = Duration.ofSeconds(90);

  private static final Duration POLL = Duration.ofMillis(100);

  private final Map<ServiceKind, Front> fronts = new EnumMap<>(ServiceKind.class);
  private final Map<ServiceKind, ServiceProcesses.Started> started =
      new EnumMap<>(ServiceKind.class);
  private final List<Origin> origins = new ArrayList<>();

  /// What a service is.
  ///
  /// @param real whether it is no stand-in
  /// @param what half a sentence, such as `real (pid 4711)`
  public record Origin(ServiceKind kind, boolean real, String what) {
    @Override
    public String toString() {
      return kind.word() + " " + what;
    }
  }

  private Services() {}

  /// Starts what is needed; with no kinds, nothing.
  public static Services launch(
      Set<ServiceKind> kinds,
      ServiceChoice choice,
      Processes processes,
      Path logs,
      CallJournal journal,
      InstantSource clock) {
    Services services = new Services();
    ServiceProcesses children = new ServiceProcesses(processes, logs);
    try {
      // two for a server, one for its front
      List<Integer> ports = Ports.free(3 * kinds.size());
      int next = 0;
      for (ServiceKind kind : kinds) {
        Backend backend =
            services.backend(kind, choice, children, ports.get(next), ports.get(next + 1));
        services.fronts.put(kind, new Front(kind, ports.get(next + 2), backend, journal, clock));
        next += 3;
      }
    } catch (IOException e) {
      throw new EnvironmentFailure("No free ports for the services: " + e.getMessage(), e);
    }
    return services;
  }

  private Backend backend(
      ServiceKind kind, ServiceChoice choice, ServiceProcesses children, int port, int second) {
    return switch (choice) {
      case ServiceChoice.Scripted _ -> standIn(kind, "asked for");
      case ServiceChoice.At(var addresses) -> {
        var address = addresses.get(kind);
        if (address == null) {
          yield standIn(kind, "no address given");
        }
        origins.add(new Origin(kind, true, "at " + address));
        yield new Forwarding(address);
      }
      case ServiceChoice.Real(Path searchJars) -> {
        Optional<Path> influxd = ServiceProcesses.influxd();
        yield switch (kind) {
          case INFLUXDB ->
              influxd.isEmpty()
                  ? standIn(kind, "influxd is not installed")
                  : real(kind, children.influxdb(influxd.get(), port, second));
          case SEARCH -> real(kind, children.search(searchJars, port, second));
          case MAILER -> real(kind, children.mailer(port));
        };
      }
    };
  }

  private Backend standIn(ServiceKind kind, String why) {
    origins.add(new Origin(kind, false, "a stand-in (" + why + ")"));
    return switch (kind) {
      case INFLUXDB -> new InfluxStandIn();
      case SEARCH -> new SearchStandIn();
      case MAILER -> Mailbox.inMemory();
    };
  }

  private Backend real(ServiceKind kind, ServiceProcesses.Started process) {
    started.put(kind, process);
    origins.add(new Origin(kind, true, "real (pid " + process.child().pid() + ")"));
    return new Forwarding(process.address());
  }

  /// What each service is.
  public List<Origin> origins() {
    return List.copyOf(origins);
  }

  /// Waits until every service answers, and lets callers in.
  ///
  /// @throws EnvironmentFailure where one does not come up
  public void awaitHealthy() throws InterruptedException {
    long deadline = System.nanoTime() + HEALTHY_TIMEOUT.toNanos();
    for (var entry : started.entrySet()) {
      Forwarding direct = new Forwarding(entry.getValue().address());
      while (!answers(direct, entry.getValue().healthPath())) {
        if (!entry.getValue().child().isAlive() || System.nanoTime() > deadline) {
          throw new EnvironmentFailure(entry.getValue().failure());
        }
        Thread.sleep(POLL);
      }
    }
    fronts.values().forEach(Front::open);
  }

  private static boolean answers(Forwarding service, String path) throws InterruptedException {
    try {
      return service.answer(new Request("GET", path, Map.of(), new byte[0])).status() < 300;
    } catch (IOException _) {
      return false;
    }
  }

  /// A service that ended by itself, a sentence; empty while all run.
  public Optional<String> unexpectedExit() {
    return started.values().stream()
        .filter(process -> !process.child().isAlive())
        .map(ServiceProcesses.Started::failure)
        .findFirst();
  }

  /// What there is.
  public Set<ServiceKind> kinds() {
    return Set.copyOf(fronts.keySet());
  }

  /// The front of a service that there is.
  public Front front(ServiceKind kind) {
    Front front = fronts.get(kind);
    if (front == null) {
      throw new IllegalArgumentException("this run has no service " + kind.word());
    }
    return front;
  }

  /// All fronts, in the order of their kinds.
  public List<Front> fronts() {
    return List.copyOf(fronts.values());
  }

  @Override
  public void close() {
    fronts.values().forEach(Front::close);
    started.values().forEach(process -> process.child().kill());
  }
}
