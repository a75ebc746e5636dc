package dev.gretchen.cli;

import dev.gretchen.chaos.fault.Selection;
import dev.gretchen.chaos.service.ServiceChoice;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.Palette;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.report.ConsoleSummary;
import dev.gretchen.verifier.report.Reports;
import dev.gretchen.verifier.report.Repro;
import dev.gretchen.verifier.run.Interruption;
import dev.gretchen.verifier.run.KafkaChoice;
import dev.gretchen.verifier.run.Run;
import dev.gretchen.verifier.run.RunOptions;
import dev.gretchen.verifier.run.Screen;
import java.io.Console;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `gretchen verify`: a run from preflight to verdict.
@Command(
    name = "verify",
    description = {
      "Runs an app on a real cluster under a known load, kills its workers and brokers, and holds every output, table and window against the truth.",
      "",
      "Example: ./gretchen verify word-colors --for 30s --faults kill-owner --seed 7"
    },
    footer = {
      "",
      "Exit status: 0 pass; 1 fail; 2 unknown or vacuous; 3 the harness or its environment; 64 wrong usage; 130 after Ctrl-C."
    },
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {

  private static final int EVENTS_PER_SECOND_MAX = 1_000_000;
  private static final double EVENTS_PER_SECOND = 5_000;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "APP",
      description = "an app of this project, or the file of a descriptor")
  private @Nullable String appArgument;

  @Option(names = "--app", paramLabel = "NAME|FILE", description = "the same as an option")
  private @Nullable String appOption;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "origin of all chance (default: a new one, printed)")
  private @Nullable Long seed;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "120s",
      converter = Durations.class,
      description = "length of the load (default: ${DEFAULT-VALUE})")
  private Duration length = Duration.ofSeconds(120);

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "events a second (default: what its descriptor says, or 5000)")
  private @Nullable Double rateOption;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "3",
      description = "workers of the app (default: ${DEFAULT-VALUE})")
  private int workers;

  @Option(
      names = "--standbys",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "copies of each table partition on other workers, as far as the app has such a setting (default: ${DEFAULT-VALUE})")
  private int standbys;

  @Option(
      names = "--brokers",
      paramLabel = "N",
      defaultValue = "3",
      description = "brokers of our own (default: ${DEFAULT-VALUE})")
  private int brokers;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "8",
      description = "partitions of each topic (default: ${DEFAULT-VALUE})")
  private int partitions;

  @Option(
      names = "--palette",
      paramLabel = "P",
      defaultValue = "synthetic:1000",
      description = "colours: primary, css or synthetic:N (default: ${DEFAULT-VALUE})")
  private String palette = "";

  @Option(
      names = "--skew",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "exponent of Zipf's law for the colours, 0 for uniform (default: ${DEFAULT-VALUE})")
  private double skew;

  @Option(
      names = "--commit-interval",
      paramLabel = "TIME",
      defaultValue = "100ms",
      converter = Durations.class,
      description = "the app's longest time between commits (default: ${DEFAULT-VALUE})")
  private Duration commitInterval = Duration.ofMillis(100);

  @Option(
      names = "--guarantee",
      paramLabel = "G",
      description =
          "exactly-once or at-least-once: what the app is set to (default: what its descriptor says)")
  private @Nullable String guarantee;

  @Option(
      names = "--judge-as",
      paramLabel = "G",
      description = "what it is judged by (default: as --guarantee)")
  private @Nullable String judgeAs;

  @Option(
      names = "--faults",
      paramLabel = "LIST",
      description =
          "none, kill, ownership, network, brokers, topics, services, clients, all, or ids and kinds such as P1,kill-broker; see ./gretchen doctor"
              + " (default: kill, and services where the app calls some)")
  private @Nullable String faults;

  @Option(
      names = "--kafka",
      paramLabel = "WHERE",
      description =
          "embedded, docker or external (default: embedded; external where --bootstrap is given)")
  private @Nullable String kafka;

  @Option(names = "--bootstrap", paramLabel = "HOST:PORT,...", description = "an external cluster")
  private @Nullable String bootstrap;

  @Option(
      names = "--client-config",
      paramLabel = "FILE",
      description = "properties for Kafka clients of an external cluster")
  private @Nullable Path clientConfig;

  @Option(
      names = "--services",
      paramLabel = "S",
      defaultValue = "real",
      description =
          "services that the app calls: real (a stand-in for what is not installed), scripted, or influxdb=URL,search=URL,mailer=URL (default: ${DEFAULT-VALUE})")
  private String services = "";

  @Mixin private RunsFolder runs = new RunsFolder();

  @Option(names = "--quiet", description = "show the verdict only")
  private boolean quiet;

  @Override
  public Integer call() {
    RunOptions options = options();
    Screen.Style style =
        quiet ? Screen.Style.QUIET : isTerminal() ? Screen.Style.TERMINAL : Screen.Style.PLAIN;
    try (CtrlC _ = CtrlC.interruptsThisThread()) {
      return run(options, new Screen(System.out, style));
    }
  }

  /// All that is to be said is said here: once Ctrl-C's hook is told that we are done, it ends the
  /// JVM.
  private static int run(RunOptions options, Screen screen) {
    try {
      Run.Result result = new Run(options, screen, InstantSource.system()).execute();
      Repro repro = Repro.exactly(withSeed(options.command(), options.load().seed()));
      System.out.print(
          ConsoleSummary.render(
              result.verdict(),
              repro,
              result.directory().path().resolve(Reports.HTML),
              isTerminal()));
      return result.verdict().verdict().exitStatus();
    } catch (Interruption interruption) {
      System.err.println(
          interruption.getMessage()
              + "; everything is stopped, what was seen is under "
              + options.runs());
      return ExitStatus.INTERRUPTED;
    }
  }

  private RunOptions options() {
    Path descriptor = Apps.atHome().descriptor(app());
    AppDescriptor app = AppDescriptor.read(descriptor);
    Guarantee set = guarantee == null ? app.guarantee() : Guarantee.parse(guarantee);
    double rate = rate(app);
    between("--rate", rate, 1, EVENTS_PER_SECOND_MAX);
    between("--workers", workers, 1, 64);
    between("--standbys", standbys, 0, 10);
    between("--brokers", brokers, 1, 9);
    between("--partitions", partitions, 1, 1_000);
    between("--for", length.toMillis(), 1_000, Duration.ofDays(7).toMillis());
    between("--commit-interval", commitInterval.toMillis(), 1, 60_000);
    between("--skew", skew, 0, 10);
    Palette.parse(palette);
    LoadShape load =
        new LoadShape(
            seed == null ? RandomGenerator.getDefault().nextLong(1_000_000_000) : seed,
            rate,
            length,
            partitions,
            palette,
            skew);
    return new RunOptions(
        app,
        descriptor,
        load,
        workers,
        standbys,
        commitInterval,
        set,
        judgeAs == null ? set : Guarantee.parse(judgeAs),
        Selection.parse(faults(app)),
        kafka(),
        services(),
        runs.path(),
        command());
  }

  private double rate(AppDescriptor app) {
    if (rateOption != null) {
      return rateOption;
    }
    return app.offer().rate() > 0 ? app.offer().rate() : EVENTS_PER_SECOND;
  }

  private String faults(AppDescriptor app) {
    if (faults != null) {
      return faults;
    }
    return app.outside().services().isEmpty() ? "kill" : "kill,services";
  }

  private ServiceChoice services() {
    return switch (services) {
      case "real" -> new ServiceChoice.Real(Apps.atHome().serviceJars());
      case "scripted" -> new ServiceChoice.Scripted();
      default -> ServiceChoice.At.parse(services);
    };
  }

  private String app() {
    if (appArgument != null && appOption != null && !appArgument.equals(appOption)) {
      throw new UsageError(
          "the app is named twice, '"
              + appArgument
              + "' and --app "
              + appOption
              + "; name it once");
    }
    String app = appArgument == null ? appOption : appArgument;
    if (app == null) {
      throw new UsageError(
          "name an app: one of " + Apps.atHome().names() + ", or the file of a descriptor");
    }
    return app;
  }

  private KafkaChoice kafka() {
    boolean external = bootstrap != null || clientConfig != null;
    String where = kafka == null ? (external ? "external" : "embedded") : kafka;
    if (external && !where.equals("external")) {
      throw new UsageError(
          "--bootstrap and --client-config go with --kafka external, found --kafka " + where);
    }
    return switch (where) {
      case "embedded" -> new KafkaChoice.Embedded(brokers);
      case "docker" -> new KafkaChoice.Docker();
      case "external" -> external();
      default ->
          throw new UsageError(
              "--kafka: expected embedded, docker or external, found '" + where + "'");
    };
  }

  private KafkaChoice external() {
    Map<String, String> properties = new HashMap<>();
    if (clientConfig != null) {
      Properties read = new Properties();
      try (Reader reader = Files.newBufferedReader(clientConfig)) {
        read.load(reader);
      } catch (NoSuchFileException _) {
        throw new UsageError(
            "--client-config " + clientConfig + " cannot be read: there is no such file");
      } catch (IOException cause) {
        throw new UsageError(
            "--client-config " + clientConfig + " cannot be read: " + cause.getMessage());
      }
      read.stringPropertyNames().forEach(name -> properties.put(name, read.getProperty(name)));
    }
    String servers = bootstrap == null ? properties.get("bootstrap.servers") : bootstrap;
    if (servers == null) {
      throw new UsageError("--kafka external needs --bootstrap HOST:PORT,...");
    }
    return new KafkaChoice.External(servers, properties);
  }

  /// The command line without its seed, which the report adds.
  private List<String> command() {
    List<String> words = new ArrayList<>(List.of("./gretchen", "verify"));
    List<String> given =
        spec == null ? List.of() : spec.commandLine().getParseResult().originalArgs();
    for (int i = 0; i < given.size(); i++) {
      String word = given.get(i);
      if (word.equals("--seed")) {
        i++;
      } else if (!word.startsWith("--seed=") && !(i == 0 && word.equals("verify"))) {
        words.add(word);
      }
    }
    return words;
  }

  private static List<String> withSeed(List<String> command, long seed) {
    List<String> words = new ArrayList<>(command);
    words.add("--seed=" + seed);
    return words;
  }

  private static void between(String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new UsageError(
          option
              + ": expected "
              + number(least)
              + " to "
              + number(most)
              + ", found "
              + number(value));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  @SuppressWarnings("SystemConsoleNull") // it is null where neither input nor output is a terminal
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }
}
