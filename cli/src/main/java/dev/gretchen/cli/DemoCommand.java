package dev.gretchen.cli;

import dev.gretchen.chaos.fault.Selection;
import dev.gretchen.chaos.service.ServiceChoice;
import dev.gretchen.dashboards.demo.Demo;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.Palette;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.load.ManualLoad;
import dev.gretchen.verifier.run.KafkaChoice;
import dev.gretchen.verifier.run.RunOptions;
import dev.gretchen.verifier.run.Screen;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gretchen demo`: a live page of a real cluster, with buttons that kill.
@Command(
    name = "demo",
    description = {
      "Starts brokers and workers of an app and serves a page that shows which worker owns which partition, the counts beside the truth, and buttons: kill a worker, wipe its disk, kill a broker, start a storm.",
      "",
      "Example: ./gretchen demo word-colors --slow"
    },
    footer = {
      "",
      "Ctrl-C ends it and stops everything. Nothing is judged: that is what verify is for."
    },
    sortOptions = false)
final class DemoCommand implements Callable<Integer> {

  /// Event time advances as if events came at this rate, whatever the load is turned to.
  private static final double PLANNED_RATE = 1_000;

  @Parameters(
      arity = "0..1",
      paramLabel = "APP",
      defaultValue = "word-colors",
      description =
          "an app of this project, or the file of a descriptor (default: ${DEFAULT-VALUE})")
  private String app = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8099",
      description = "of the page on 127.0.0.1, 0 for any (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "40",
      description = "events a second at first; the page has a slider (default: ${DEFAULT-VALUE})")
  private double rate;

  @Option(
      names = "--slow",
      description =
          "slow motion from the start: the next recovery after each blow is held for some seconds")
  private boolean slow;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "3",
      description = "workers of the app (default: ${DEFAULT-VALUE})")
  private int workers;

  @Option(
      names = "--brokers",
      paramLabel = "N",
      defaultValue = "3",
      description = "brokers; with one, no broker can be killed (default: ${DEFAULT-VALUE})")
  private int brokers;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "8",
      description = "partitions of each topic (default: ${DEFAULT-VALUE})")
  private int partitions;

  @Option(
      names = "--standbys",
      paramLabel = "N",
      defaultValue = "1",
      description = "copies of each table partition on other workers (default: ${DEFAULT-VALUE})")
  private int standbys;

  @Option(
      names = "--palette",
      paramLabel = "P",
      defaultValue = "css",
      description = "colours: primary, css or synthetic:N (default: ${DEFAULT-VALUE})")
  private String palette = "";

  @Option(
      names = "--commit-interval",
      paramLabel = "TIME",
      defaultValue = "100ms",
      converter = Durations.class,
      description = "the app's longest time between commits (default: ${DEFAULT-VALUE})")
  private Duration commitInterval = Duration.ofMillis(100);

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "2h",
      converter = Durations.class,
      description =
          "how much load there is, at a thousand events a second (default: ${DEFAULT-VALUE})")
  private Duration length = Duration.ofHours(2);

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "origin of the load and of storms (default: a new one, printed)")
  private @Nullable Long seed;

  @Option(
      names = "--services",
      paramLabel = "S",
      defaultValue = "real",
      description =
          "services that the app calls: real (a stand-in for what is not installed), or scripted (default: ${DEFAULT-VALUE})")
  private String services = "";

  @Option(
      names = "--targets",
      paramLabel = "FILE",
      description = "writes the workers' addresses there for Prometheus, see docs/dashboards.md")
  private @Nullable Path targets;

  @Mixin private RunsFolder runs = new RunsFolder();

  @Override
  public Integer call() {
    RunOptions options = options();
    Demo.Settings settings = new Demo.Settings(port, targets, rate, slow);
    try (CtrlC _ = CtrlC.interruptsThisThread()) {
      Screen screen = new Screen(System.out, Screen.Style.LINES);
      try (Demo demo = Demo.open(options, settings, screen, InstantSource.system())) {
        screen.say(
            "page    " + demo.address() + "  (Ctrl-C ends it; logs are in " + demo.folder() + ")");
        new CountDownLatch(1).await();
        return 0;
      } catch (InterruptedException _) {
        System.err.println("everything is stopped");
        return ExitStatus.INTERRUPTED;
      }
    }
  }

  private RunOptions options() {
    Path descriptor = Apps.atHome().descriptor(app);
    AppDescriptor read = AppDescriptor.read(descriptor);
    between("--port", port, 0, 65_535);
    between("--rate", rate, 0, ManualLoad.RATE_MAX);
    between("--workers", workers, 1, 64);
    between("--brokers", brokers, 1, 9);
    between("--partitions", partitions, 1, 1_000);
    between("--standbys", standbys, 0, 10);
    Palette.parse(palette);
    long origin = seed == null ? RandomGenerator.getDefault().nextLong(1_000_000_000) : seed;
    return new RunOptions(
        read,
        descriptor,
        LoadShape.uniform(origin, PLANNED_RATE, length, partitions, palette),
        workers,
        standbys,
        commitInterval,
        read.guarantee(),
        read.guarantee(),
        Selection.parse("none"),
        new KafkaChoice.Embedded(brokers),
        services(),
        runs.path(),
        List.of("./gretchen", "demo", app));
  }

  private ServiceChoice services() {
    return switch (services) {
      case "real" -> new ServiceChoice.Real(Apps.atHome().serviceJars());
      case "scripted" -> new ServiceChoice.Scripted();
      default ->
          throw new UsageError("--services: expected real or scripted, found '" + services + "'");
    };
  }

  private static void between(String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new UsageError(
          "%s: expected %.0f to %.0f, found %s".formatted(option, least, most, plain(value)));
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? "%.0f".formatted(value) : Double.toString(value);
  }
}
