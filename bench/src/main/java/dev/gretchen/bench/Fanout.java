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
import tools.jackson.databind.json.JsonMapper;

/// The benchmark of pushing posts to many WebSockets.
///
///     for each side: fresh topics -> workers -> clients, all joined -> a calm step -> the rate raised until it does not keep up
///
/// It compares the chat with a bare loop on the same server library, and a write a post with posts
/// that are gathered for 50 ms. Clients run in processes of their own, on the same cores. Everything
/// that it starts ends with it.
public final class Fanout {

  private static final String RAW = "fanout.jsonl";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int PARTITIONS = 4;
  private static final List<String> TOPICS =
      List.of("chat-events", "admitted", "rejected", "feed", "bans");

  private final FanoutOptions options;
  private final Consumer<String> screen;
  private final InstantSource clock;
  private final List<FanoutLine> lines = new ArrayList<>();

  /// @param screen gets what is to be shown, line by line
  public Fanout(FanoutOptions options, Consumer<String> screen, InstantSource clock) {
    this.options = options;
    this.screen = screen;
    this.clock = clock;
  }

  /// Measures, and writes raw data and results.
  ///
  /// @return whether every side has its numbers
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
        FanoutFeeder feeder = new FanoutFeeder(brokers.clientProperties())) {
      for (FanoutSide side : FanoutSide.values()) {
        screen.accept(
            String.format(
                Locale.ROOT,
                "%s: %d workers with %,d connections each, %,d in one room",
                side.label(),
                options.workers(),
                options.connections(),
                options.hot()));
        cluster.fresh(TOPICS, PARTITIONS);
        try (FanoutTrial trial = new FanoutTrial(options, side, processes, feeder, this::keep)) {
          trial.run(brokers.bootstrap());
        }
      }
    }
    return conclude(machine);
  }

  private void keep(FanoutLine line) {
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
        String.format(
            Locale.ROOT,
            "  %-5s %,8.1f posts/s  %,10.0f deliveries/s of %,.0f  %,9.0f frames/s  p50 %,d ms"
                + "  p99 %,d ms  %,d B a connection%s",
            line.step(),
            line.perSecond(),
            line.delivered(),
            line.due(),
            line.frames(),
            line.p50Millis(),
            line.p99Millis(),
            line.bytesPerConnection(),
            line.isSustained() ? "" : "  not sustained, " + line.lost() + " connections lost"));
  }

  private boolean conclude(Machine machine) {
    FanoutSummary summary = FanoutSummary.of(lines);
    FanoutPage.write(options, summary, machine, clock.instant());
    screen.accept("");
    screen.accept("raw data  " + options.out().resolve(RAW));
    screen.accept("results   " + options.results());
    summary.ratios().forEach(ratio -> screen.accept(ratio.line()));
    return summary.isComplete();
  }
}
