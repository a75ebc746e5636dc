package dev.gretchen.bench;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.BrokerSettings;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// The recovery benchmark: a lot of state, from the changelog to an empty disk, and back after kill
/// -9 on a disk that has it.
///
///     load each key once -> for each app: fill its changelog
///     for each round, for each side: empty disk -> restore -> load -> kill -9 -> first output -> work off
///     for each app: each key once more -> audit
///
/// Both profiles of Kafka Streams are one app to Kafka, with one changelog, which they restore in
/// turn; so are the engine and the engine before a change. Everything that it starts ends with it.
public final class Recovery {

  private static final String RAW = "recovery.jsonl";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final RecoveryOptions options;
  private final Consumer<String> screen;
  private final InstantSource clock;
  private final KeyCycle cycle;
  private final List<RecoveryLine> lines = new ArrayList<>();

  /// What each app has to have counted, by its group.
  private final Map<String, Answers> truths = new LinkedHashMap<>();

  /// @param screen gets what is to be shown, line by line
  public Recovery(RecoveryOptions options, Consumer<String> screen, InstantSource clock) {
    this.options = options;
    this.screen = screen;
    this.clock = clock;
    this.cycle = new KeyCycle(options.keys());
  }

  /// Measures, judges, and writes raw data and results.
  ///
  /// @return whether every side recovered each time, and answered right
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
        ClusterState cluster = new ClusterState(brokers.clientProperties());
        KeyFeed feed = new KeyFeed(brokers.clientProperties(), cycle)) {
      List<Child> brokerProcesses = processes.running();
      try (RecoveryTrial trial =
          new RecoveryTrial(options, processes, brokers, brokerProcesses, cluster, feed)) {
        measure(brokers, cluster, feed, trial);
      }
    }
    return conclude(machine);
  }

  private void measure(Brokers brokers, ClusterState cluster, KeyFeed feed, RecoveryTrial trial)
      throws InterruptedException {
    cluster.fresh(List.of(Stage.COUNT.input(), "color-counts"), Workload.PARTITIONS);
    feed.send(options.keys());
    screen.accept(String.format(Locale.ROOT, "%,d keys loaded", feed.sent()));
    Map<Side, String> broken = new LinkedHashMap<>();
    for (List<Side> app : apps()) {
      truths.put(group(app.getFirst()), new Answers(options.keys()));
      try {
        // the last is the quickest at filling, where it is a tuned one
        trial.fill(app.getLast());
        count(app.getFirst(), 0, feed.sent());
        for (Side side : app) {
          trial.train(side);
        }
        screen.accept("  " + group(app.getFirst()) + ": changelog filled");
      } catch (RecoveryTrial.NoRecovery none) {
        app.forEach(side -> broken.put(side, String.valueOf(none.getMessage())));
      }
    }
    List<Side> order = new ArrayList<>(options.sides());
    order.removeAll(broken.keySet());
    for (int round = 1; round <= options.rounds(); round++) {
      for (Side side : order) {
        cluster.skip(group(side), Stage.COUNT.input());
        long from = feed.sent();
        keep(trial.round(side, round));
        count(side, from, feed.sent());
      }
      // nobody is always first, or always after the same one
      Collections.rotate(order, 1);
    }
    for (List<Side> app : apps()) {
      if (!broken.containsKey(app.getFirst())) {
        judge(app, brokers, cluster, feed, trial);
      }
    }
    broken.forEach((side, why) -> keep(RecoveryLine.without(side, 0, why)));
  }

  /// Sides that are one app to Kafka.
  private List<List<Side>> apps() {
    Map<String, List<Side>> apps = new LinkedHashMap<>();
    options
        .sides()
        .forEach(side -> apps.computeIfAbsent(group(side), _ -> new ArrayList<>()).add(side));
    return List.copyOf(apps.values());
  }

  private static String group(Side side) {
    return side.group(Stage.COUNT);
  }

  /// These events are a side's to count.
  private void count(Side side, long from, long to) {
    Answers truth = truths.get(group(side));
    for (long index = from; truth != null && index < to; index++) {
      truth.count(cycle.key(index), cycle.id(index));
    }
  }

  /// Every key of the state that was recovered takes part in the answer: each gets one more event.
  private void judge(
      List<Side> app, Brokers brokers, ClusterState cluster, KeyFeed feed, RecoveryTrial trial)
      throws InterruptedException {
    Side last = app.getLast();
    String wrong = "";
    try {
      cluster.skip(group(last), Stage.COUNT.input());
      long from = feed.sent();
      trial.visitAll(last);
      count(last, from, feed.sent());
      Judged judged =
          new Auditor(
                  brokers.clientProperties(),
                  new Workload(Stage.COUNT, options.keys(), feed.sent()),
                  truths.getOrDefault(group(last), new Answers(options.keys())))
              .judge(changelog(cluster, last));
      if (judged instanceof Judged.Wrong(String sentence)) {
        wrong = "wrong answer: " + sentence;
      }
    } catch (RecoveryTrial.NoRecovery none) {
      wrong = String.valueOf(none.getMessage());
    }
    if (wrong.isEmpty()) {
      screen.accept("  " + group(last) + ": each key has its tally");
      return;
    }
    for (Side side : app) {
      keep(RecoveryLine.without(side, 0, wrong));
    }
  }

  private static Set<String> changelog(ClusterState cluster, Side side)
      throws InterruptedException {
    try {
      Set<String> topics = cluster.topics();
      topics.removeIf(topic -> !topic.startsWith(group(side) + "-"));
      topics.removeIf(topic -> !topic.endsWith(Stage.COUNT.answers()));
      return topics;
    } catch (ExecutionException | TimeoutException cause) {
      throw new EnvironmentFailure("the topics cannot be listed: " + cause, cause);
    }
  }

  private void keep(RecoveryLine line) {
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
            ? String.format(Locale.ROOT, "  %-14s void: %s", line.side(), line.wrong())
            : String.format(
                Locale.ROOT,
                "  round %d  %-14s %,d records in %.1f s: %,.0f/s, %.1f MB/s, %.2f µs CPU each, %.2f"
                    + " after; %,.0f MB  |  first output %,d ms, ready %,d ms after the restart, %,d"
                    + " read again",
                line.round(),
                line.side(),
                line.records(),
                line.seconds(),
                line.recordsPerSecond(),
                line.megabytesPerSecond(),
                line.cpuMicrosPerRecord(),
                line.afterCpuMicrosPerRecord(),
                line.stateMegabytes(),
                line.firstMillis(),
                line.readyMillis(),
                line.readAgain()));
  }

  private boolean conclude(Machine machine) {
    RecoverySummary summary = RecoverySummary.of(options.sides(), lines);
    RecoveryPage.write(options, summary, machine, clock.instant());
    screen.accept("");
    screen.accept("raw data  " + options.out().resolve(RAW));
    screen.accept("results   " + options.results());
    for (RecoverySummary.Row row : summary.voids()) {
      screen.accept("void      " + row.side().label() + ": " + row.wrong());
    }
    summary.ratios().forEach(ratio -> screen.accept(ratio.line()));
    return summary.voids().isEmpty();
  }
}
