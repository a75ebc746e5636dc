package dev.gretchen.bench;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.BrokerSettings;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// The benchmark of agents that call services: one worker, one partition, a call for each event.
///
///     load the orders; for each round, for each side: a worker -> warm-up -> lap -> every answer, once, in order
///
/// It compares many calls at a time with one, and exactly-once with at-least-once. The call is a
/// timed wait. Everything that it starts ends with it.
public final class Enrichment {

  /// Events before the clock starts, for each call at a time.
  private static final int WARM_UP_PER_CALL = 20;

  private static final Duration STALLED = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration STOP_BOUND = Duration.ofSeconds(40);
  private static final String RAW = "enrichment.jsonl";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Options options;
  private final Consumer<String> screen;
  private final List<Line> lines = new ArrayList<>();

  /// What to measure, and where to put it.
  ///
  /// @param home the folder of this project, built
  /// @param out folder for raw data and logs
  /// @param concurrency calls at a time, beside one
  /// @param callMillis how long a call takes
  /// @param keys how many there are
  /// @param seconds how long a lap is, roughly
  public record Options(
      Path home, Path out, int concurrency, int callMillis, int keys, int rounds, int seconds) {

    public Options {
      if (concurrency < 2 || callMillis < 1 || keys < 1 || rounds < 1 || seconds < 1) {
        throw new IllegalArgumentException(
            "expected a concurrency of at least 2, and calls of at least 1 ms, 1 key, 1 round and laps of 1 s");
      }
    }

    /// What a side can do at the most in its warm-up and lap.
    int orders(int calls) {
      return calls * WARM_UP_PER_CALL + (int) (calls * 1_000L * seconds / callMillis);
    }
  }

  private enum Way {
    ONE("one at a time, exactly once", "exactly-once"),
    MANY("many at a time, exactly once", "exactly-once"),
    MANY_AT_LEAST_ONCE("many at a time, at least once", "at-least-once");

    private final String label;
    private final String guarantee;

    Way(String label, String guarantee) {
      this.label = label;
      this.guarantee = guarantee;
    }
  }

  /// One run in the raw data.
  ///
  /// @param wrong why the number is void, empty where the answers were right
  record Line(
      String side, int concurrency, int round, String wrong, long records, double perSecond) {}

  /// @param screen gets what is to be shown, line by line
  public Enrichment(Options options, Consumer<String> screen) {
    this.options = options;
    this.screen = screen;
  }

  /// Measures and judges.
  ///
  /// @return whether every answer was right
  public boolean execute() throws InterruptedException {
    try {
      Files.createDirectories(options.out());
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot write to " + options.out(), cause);
    }
    screen.accept("bench   " + options.out());
    screen.accept("machine " + Machine.here().words());
    try (Processes processes = Processes.openTemporary(options.out().resolve("work"));
        Brokers brokers =
            Brokers.start(
                processes, BrokerSettings.withLogs(options.out().resolve("logs")).withCount(1));
        Orders orders = new Orders(brokers.clientProperties(), options.keys())) {
      orders.load(options.orders(options.concurrency()));
      for (int round = 1; round <= options.rounds(); round++) {
        for (Way side : Way.values()) {
          keep(run(side, round, processes, brokers, orders));
        }
      }
    }
    return conclude();
  }

  private Line run(Way side, int round, Processes processes, Brokers brokers, Orders orders)
      throws InterruptedException {
    int calls = side == Way.ONE ? 1 : options.concurrency();
    String name = "calls-" + side.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-" + round;
    Path state = processes.scratch().resolve("state-" + name);
    orders.makeTopics(name);
    Child worker =
        processes.start(
            new Launch(
                name,
                Side.workerOn(
                    options.home().resolve("bench/target/lib"),
                    "dev.gretchen.bench.stage.CallStage",
                    List.of(
                        "--bootstrap=" + brokers.bootstrap(),
                        "--worker=w1",
                        "--state-dir=" + state,
                        "--guarantee=" + side.guarantee,
                        "--name=" + name,
                        "--call=" + options.callMillis(),
                        "--concurrency=" + calls)),
                Map.of(),
                options.out().resolve("logs").resolve(name + ".log")));
    try {
      double perSecond = race(worker, orders, name, calls);
      if (worker.terminate(STOP_BOUND).isEmpty()) {
        return new Line(side.name(), calls, round, "the worker does not stop", 0, 0);
      }
      Orders.Answers answers = orders.judge(name);
      return new Line(side.name(), calls, round, answers.wrong(), answers.records(), perSecond);
    } finally {
      worker.kill();
    }
  }

  /// Orders a second between the warm-up and the end of the lap, by the committed offset.
  private double race(Child worker, Orders orders, String name, int calls)
      throws InterruptedException {
    long warm = (long) calls * WARM_UP_PER_CALL;
    long all = options.orders(calls);
    long from = 0;
    long fromNanos = 0;
    long done = -1;
    long lastNanos = System.nanoTime();
    while (true) {
      long now = orders.committed(name);
      if (now > done) {
        done = now;
        lastNanos = System.nanoTime();
        if (from == 0 && done >= warm) {
          from = done;
          fromNanos = lastNanos;
        }
      }
      double seconds = (lastNanos - fromNanos) / 1e9;
      if (from > 0 && done > from && (done >= all || seconds >= options.seconds())) {
        return (done - from) / seconds;
      }
      if (!worker.isAlive() || System.nanoTime() - lastNanos > STALLED.toNanos()) {
        throw new EnvironmentFailure(
            name
                + (worker.isAlive() ? " commits nothing more" : " has ended")
                + " at order "
                + done
                + " of "
                + all
                + "; its log ends with\n"
                + worker.logTail(10),
            new IllegalStateException(name));
      }
      Thread.sleep(PAUSE);
    }
  }

  private void keep(Line line) {
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
            "  round %d  %-30s %3d calls at a time  %,9.1f orders/s%s",
            line.round(),
            Way.valueOf(line.side()).label,
            line.concurrency(),
            line.perSecond(),
            line.wrong().isEmpty() ? "" : "  VOID: " + line.wrong()));
  }

  private boolean conclude() {
    double one = median(Way.ONE);
    double many = median(Way.MANY);
    double atLeastOnce = median(Way.MANY_AT_LEAST_ONCE);
    screen.accept("");
    screen.accept("raw data  " + options.out().resolve(RAW));
    screen.accept(
        String.format(
            Locale.ROOT,
            "ratio %.1f  %d calls of %d ms at a time against one, exactly once",
            many / one,
            options.concurrency(),
            options.callMillis()));
    screen.accept(
        String.format(
            Locale.ROOT, "ratio %.2f  exactly once against at least once", many / atLeastOnce));
    return lines.stream().allMatch(line -> line.wrong().isEmpty());
  }

  private double median(Way side) {
    List<Double> sorted =
        lines.stream()
            .filter(line -> line.side().equals(side.name()))
            .map(Line::perSecond)
            .sorted()
            .toList();
    return sorted.get(sorted.size() / 2);
  }
}
