package dev.gretchen.bench;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.BrokerSettings;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// The takeover benchmark: how long nobody does a worker's work after it was hit.
///
///     for each side: fresh topics and disks -> 3 workers -> load -> (warm -> calm -> fault -> takeover -> return) * n -> audit
///
/// Everything that it starts ends with it.
public final class Takeover {

  private static final String RAW = "takeover.jsonl";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final TakeoverOptions options;
  private final Consumer<String> screen;
  private final InstantSource clock;
  private final List<TakeoverLine> lines = new ArrayList<>();

  /// @param screen gets what is to be shown, line by line
  public Takeover(TakeoverOptions options, Consumer<String> screen, InstantSource clock) {
    this.options = options;
    this.screen = screen;
    this.clock = clock;
  }

  /// Measures, judges, and writes raw data and results.
  ///
  /// @return whether every side took over each time, and answered right
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
    screen.accept(
        String.format(
            Locale.ROOT,
            "plan    %s of %s; about %d minutes",
            options.fault().label(),
            options.sides().stream()
                .map(side -> side.word() + " x " + options.faults(side))
                .collect(Collectors.joining(", ")),
            Math.max(1, options.estimate().toMinutes())));
    try (Processes processes = Processes.openTemporary(options.out().resolve("work"));
        Brokers brokers =
            Brokers.start(
                processes,
                BrokerSettings.withLogs(options.out().resolve("logs"))
                    .withCount(TakeoverOptions.WORKERS));
        ClusterState cluster = new ClusterState(brokers.clientProperties())) {
      for (TakeoverSide side : options.sides()) {
        new TakeoverTrial(options, side, brokers, cluster, clock, this::keep, screen).run();
      }
    }
    return conclude(machine);
  }

  private void keep(TakeoverLine line) {
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
            ? String.format(Locale.ROOT, "  %-15s void: %s", line.side(), line.wrong())
            : String.format(
                Locale.ROOT,
                "  %-15s %3d of %d  %s with %d partitions  silent %,6d ms (usual %,d)  others %,d ms"
                    + " (usual %,d)  replayed %s",
                line.side(),
                line.number(),
                options.faults(TakeoverSide.parse(line.side()).getFirst()),
                line.worker(),
                line.held(),
                line.silence(),
                line.usual(),
                line.others(),
                line.othersUsual(),
                TakeoverPage.records(line.replayed())));
  }

  private boolean conclude(Machine machine) {
    TakeoverSummary summary = TakeoverSummary.of(options.fault(), options.sides(), lines);
    TakeoverPage.write(options, summary, machine, clock.instant());
    screen.accept("");
    screen.accept("raw data  " + options.out().resolve(RAW));
    screen.accept("results   " + options.results());
    for (TakeoverSummary.Row row : summary.rows()) {
      screen.accept(
          row.isVoid()
              ? "void      " + row.side().label() + ": " + row.wrong()
              : String.format(
                  Locale.ROOT,
                  "silence   %-22s beyond the usual %,d ms: median %,d, p90 %,d, p99 %,d, most %,d"
                      + " ms; others' p99 %+,d ms; %d times; records replayed: %s",
                  row.side().label(),
                  row.usual(),
                  row.beyond(0.5),
                  row.beyond(0.9),
                  row.beyond(0.99),
                  row.beyond(1),
                  row.collateral(),
                  row.lines().size(),
                  TakeoverPage.records(row.replayed())));
    }
    summary.ratios().forEach(ratio -> screen.accept(ratio.line()));
    return summary.voids().isEmpty();
  }
}
