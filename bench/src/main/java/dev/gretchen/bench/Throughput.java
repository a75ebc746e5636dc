package dev.gretchen.bench;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.BrokerSettings;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.broker.Ports;
import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Folders;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// The throughput benchmark.
///
///     for each workload: load the input; for each round, for each side: fresh topics and disk -> worker -> warm-up -> lap -> audit
///
/// Everything that it starts ends with it.
public final class Throughput {

  private static final Duration STOP_BOUND = Duration.ofSeconds(40);
  private static final String RAW = "throughput.jsonl";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ThroughputOptions options;
  private final Consumer<String> screen;
  private final InstantSource clock;
  private final List<RunLine> lines = new ArrayList<>();
  private final List<Workload> measured = new ArrayList<>();

  /// @param screen gets what is to be shown, line by line
  public Throughput(ThroughputOptions options, Consumer<String> screen, InstantSource clock) {
    this.options = options;
    this.screen = screen;
    this.clock = clock;
  }

  /// Measures, judges, and writes raw data and, after each workload, results.
  ///
  /// @return whether every answer was right
  /// @throws EnvironmentFailure where the machine or the brokers do not let it
  public boolean execute() throws InterruptedException {
    try {
      Files.createDirectories(options.out());
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot write to " + options.out(), cause);
    }
    Machine machine = Machine.here();
    screen.accept("bench   " + options.out());
    screen.accept("machine " + machine.words());
    try (Processes processes = Processes.openTemporary(options.out().resolve("work"));
        Brokers brokers =
            Brokers.start(
                processes, BrokerSettings.withLogs(options.out().resolve("logs")).withCount(1));
        ClusterState cluster = new ClusterState(brokers.clientProperties())) {
      List<Child> brokerProcesses = processes.running();
      cluster.keepUncompacted();
      for (Workload workload : options.workloads()) {
        measure(workload, processes, brokers, brokerProcesses, cluster);
        // an hour's work: where it is cut off, the page has what there was
        measured.add(workload);
        ResultsPage.write(options, summary(), machine, clock.instant());
      }
    }
    return conclude();
  }

  private void measure(
      Workload workload,
      Processes processes,
      Brokers brokers,
      List<Child> brokerProcesses,
      ClusterState cluster)
      throws InterruptedException {
    Map<String, String> connection = brokers.clientProperties();
    Answers truth = Answers.truth(workload);
    cluster.prepare(workload);
    long loaded = Preload.load(connection, workload);
    screen.accept(String.format(Locale.ROOT, "%s: %,d records loaded", workload.label(), loaded));
    List<Side> order = new ArrayList<>(options.sides());
    for (int round = 1; round <= options.rounds(); round++) {
      for (Side side : order) {
        cluster.fresh(workload);
        Race race =
            new Race(cluster, workload, side.group(workload.stage()), loaded, truth.events());
        String name =
            workload.stage().word() + "-" + workload.keys() + "-" + side.word() + "-" + round;
        RunLine line;
        try {
          Race.Lap lap = run(name, side, workload, processes, brokers, brokerProcesses, race);
          Judged judged = new Auditor(connection, workload, truth).judge(cluster.written(workload));
          line = RunLine.of(workload, side, round, lap, judged);
        } catch (Race.NoLap none) {
          line = RunLine.without(workload, side, round, String.valueOf(none.getMessage()));
        }
        keep(line);
      }
      // nobody is always first, or always after the same one
      Collections.rotate(order, 1);
    }
  }

  private Race.Lap run(
      String name,
      Side side,
      Workload workload,
      Processes processes,
      Brokers brokers,
      List<Child> brokerProcesses,
      Race race)
      throws InterruptedException, Race.NoLap {
    Path state = processes.scratch().resolve("state-" + name);
    int port = freePort();
    List<String> more = new ArrayList<>(Gauges.options(port));
    if (options.recordings()) {
      more.add(
          "-XX:StartFlightRecording=settings=profile,filename="
              + options.out().resolve(name + ".jfr").toAbsolutePath());
    }
    Child worker =
        processes.start(
            new Launch(
                name,
                side.command(options.homes().of(side), workload, brokers.bootstrap(), state, more),
                Map.of(),
                options.out().resolve("logs").resolve(name + ".log")));
    try (Gauges gauges = Gauges.connect(worker, port, brokerProcesses)) {
      return race.run(worker, gauges);
    } finally {
      if (worker.terminate(STOP_BOUND).isEmpty()) {
        worker.kill();
      }
      remove(state);
    }
  }

  private static int freePort() {
    try {
      return Ports.free(1).getFirst();
    } catch (IOException cause) {
      throw new EnvironmentFailure("no port is free on 127.0.0.1: " + cause, cause);
    }
  }

  private static void remove(Path state) {
    try {
      Folders.delete(state);
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot remove " + state, cause);
    }
  }

  private void keep(RunLine line) {
    lines.add(line);
    try {
      Files.writeString(
          options.out().resolve(RAW),
          JSON.writeValueAsString(line) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot write to " + options.out(), cause);
    }
    screen.accept(
        line.isVoid()
            ? String.format(
                Locale.ROOT, "  round %d  %-14s void: %s", line.round(), line.side(), line.wrong())
            : String.format(
                Locale.ROOT,
                "  round %d  %-14s %,10.0f records/s  %6.2f µs CPU  %,7.0f B  broker %5.2f µs  %,d"
                    + " out  %,d changelog",
                line.round(),
                line.side(),
                line.recordsPerSecond(),
                line.cpuMicrosPerRecord(),
                line.allocatedBytesPerRecord(),
                line.brokerCpuMicrosPerRecord(),
                line.outputs(),
                line.changelogs()));
  }

  private Summary summary() {
    return Summary.of(measured, options.sides(), lines);
  }

  private boolean conclude() {
    Summary summary = summary();
    screen.accept("");
    screen.accept("raw data  " + options.out().resolve(RAW));
    screen.accept("results   " + options.results());
    for (Summary.Row row : summary.voids()) {
      screen.accept(
          "void      " + row.side().label() + " (" + row.workload().label() + "): " + row.wrong());
    }
    summary.ratios().forEach(ratio -> ratio.lines().forEach(screen));
    return summary.voids().isEmpty();
  }
}
