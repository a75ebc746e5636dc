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

/// The benchmark of agents that call services: one worker, one partition, a call for each event.
///
///     load the orders; for each round, for each side: a worker -> warm-up -> lap -> every answer, once, in order
///
/// It compares many calls at a time with one, as timed waits and over HTTP, and exactly-once with
/// at-least-once. Everything that it starts ends with it.
public final class Enrichment {

  private static final Duration STALLED = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration STOP_BOUND = Duration.ofSeconds(40);
  private static final String RAW = "enrichment.jsonl";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final EnrichmentOptions options;
  private final Consumer<String> screen;
  private final InstantSource clock;
  private final List<EnrichmentLine> lines = new ArrayList<>();

  /// @param screen gets what is to be shown, line by line
  public Enrichment(EnrichmentOptions options, Consumer<String> screen, InstantSource clock) {
    this.options = options;
    this.screen = screen;
    this.clock = clock;
  }

  /// Measures, judges, and writes raw data and results.
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
        CallService service = CallService.start(options, processes);
        Orders orders = new Orders(brokers.clientProperties(), options.keys())) {
      orders.load(options.orders(options.concurrency()));
      List<EnrichmentSide> order = new ArrayList<>(List.of(EnrichmentSide.values()));
      for (int round = 1; round <= options.rounds(); round++) {
        for (EnrichmentSide side : order) {
          keep(run(side, round, processes, brokers, service, orders));
        }
        // nobody is always first, or always after the same one
        Collections.rotate(order, 1);
      }
    }
    return conclude(machine);
  }

  private EnrichmentLine run(
      EnrichmentSide side,
      int round,
      Processes processes,
      Brokers brokers,
      CallService service,
      Orders orders)
      throws InterruptedException {
    int calls = side.calls(options);
    String name = "calls-" + side.word() + "-" + round;
    orders.makeTopics(name);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--bootstrap=" + brokers.bootstrap(),
                "--worker=w1",
                "--state-dir=" + processes.scratch().resolve("state-" + name),
                "--guarantee=" + side.guarantee(),
                "--name=" + name,
                "--call=" + options.callMillis(),
                "--concurrency=" + calls));
    if (side.isHttp()) {
      arguments.add("--service=" + service.address());
    }
    Child worker =
        processes.start(
            new Launch(
                name,
                Side.workerOn(
                    options.home().resolve("bench/target/lib"),
                    "dev.gretchen.bench.stage.CallStage",
                    arguments),
                Map.of(),
                options.out().resolve("logs").resolve(name + ".log")));
    try {
      double perSecond = race(worker, orders, name, calls);
      if (worker.terminate(STOP_BOUND).isEmpty()) {
        return new EnrichmentLine(side.word(), calls, round, "the worker does not stop", 0, 0);
      }
      Orders.Answers answers = orders.judge(name);
      return new EnrichmentLine(
          side.word(), calls, round, answers.wrong(), answers.records(), perSecond);
    } finally {
      worker.kill();
    }
  }

  /// Orders a second between the warm-up and the end of the lap, by the committed offset.
  private double race(Child worker, Orders orders, String name, int calls)
      throws InterruptedException {
    long warm = options.warmUp(calls);
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
                + worker.logTail(10));
      }
      Thread.sleep(PAUSE);
    }
  }

  private void keep(EnrichmentLine line) {
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
            "  round %d  %-20s %3d calls at a time  %,9.1f orders/s%s",
            line.round(),
            line.side(),
            line.calls(),
            line.perSecond(),
            line.wrong().isEmpty() ? "" : "  VOID: " + line.wrong()));
  }

  private boolean conclude(Machine machine) {
    EnrichmentSummary summary = EnrichmentSummary.of(options, lines);
    EnrichmentPage.write(options, summary, machine, clock.instant());
    screen.accept("");
    for (EnrichmentSummary.Row row : summary.voids()) {
      screen.accept("VOID " + row.side().word() + ": " + row.wrong());
    }
    screen.accept("raw data  " + options.out().resolve(RAW));
    screen.accept("results   " + options.results());
    summary.ratios(options).forEach(ratio -> screen.accept(ratio.line()));
    return summary.voids().isEmpty();
  }
}
