package dev.gretchen.cli;

import dev.gretchen.verifier.progress.ProgressFile;
import dev.gretchen.verifier.run.Screen;
import dev.gretchen.verifier.settings.SettingsException;
import dev.gretchen.verifier.soak.Campaign;
import dev.gretchen.verifier.soak.Journal;
import dev.gretchen.verifier.soak.Runner;
import dev.gretchen.verifier.soak.Soak;
import dev.gretchen.verifier.soak.SoakFolder;
import dev.gretchen.verifier.soak.SoakText;
import dev.gretchen.verifier.soak.VerifyProcess;
import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gretchen soak`: runs through the night.
@Command(
    name = "soak",
    description = {
      "Makes run after run, drawn from a seed: apps, configurations, faults; a broken engine now and then that must be caught, and a run without faults. What a campaign can say is in docs/soak.md.",
      "",
      "Examples: ./gretchen soak --for 8h",
      "          ./gretchen soak --campaign pr",
      "          ./gretchen soak --campaign catalogue           every kind of fault, until each was proven",
      "          ./gretchen soak --for 8h --campaign my-campaign.yaml --seed 7",
      "          ./gretchen soak --resume runs/soak/latest      after Ctrl-C, a crash or a reboot"
    },
    footer = {
      "",
      "Exit status: of the worst run, as of verify; 1, too, where a broken engine was not caught; 3 where three runs in a row say nothing; 64 wrong usage; 130 after Ctrl-C."
    },
    sortOptions = false)
final class SoakCommand implements Callable<Integer> {

  private static final Duration NIGHT = Duration.ofHours(8);

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Durations.class,
      description =
          "how long its runs take together; the last one ends as it would (default: 8h, or as many runs as the campaign says, or its catalogue takes)")
  private @Nullable Duration length;

  @Option(
      names = "--campaign",
      paramLabel = "FILE|NAME",
      description =
          "what to draw from: a file (.yaml), or nightly, pr or catalogue (default: nightly)")
  private @Nullable String campaign;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "origin of all chance (default: a new one, printed)")
  private @Nullable Long seed;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "folder of all runs (default: ${DEFAULT-VALUE})")
  private Path runs = Path.of("runs");

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "goes on with a soak that was interrupted, in its folder")
  private @Nullable Path resume;

  @Option(names = "--quiet", description = "show the summary only")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    SoakFolder folder = resume == null ? begin() : interrupted(resume);
    Screen screen = new Screen(System.out, style());
    screen.say("soak    " + folder.path() + "; interrupted, it goes on with --resume");
    try (CtrlC _ = CtrlC.interruptsThisThread();
        Journal journal = Journal.open(folder.path());
        ProgressFile _ = screen.alsoIn(new ProgressFile(folder.path(), InstantSource.system()));
        Runner runner = new VerifyProcess(folder.path().resolve("work"), again("verify"), home())) {
      return soak(new Soak(folder, journal, runner, screen, InstantSource.system()), folder);
    }
  }

  private static int soak(Soak soak, SoakFolder folder) {
    int status;
    String why;
    try {
      why = soak.run();
      status = soak.result().outcome().exitStatus();
    } catch (InterruptedException _) {
      why = "it was interrupted";
      status = ExitStatus.INTERRUPTED;
    }
    System.out.println();
    System.out.println("The soak ends: " + why + ".");
    System.out.print(SoakText.summary(soak.result(), folder.path()));
    return status;
  }

  private SoakFolder begin() {
    String name = campaign == null ? Campaign.SHIPPED.getFirst() : campaign;
    String text = isFile(name) ? read(Path.of(name)) : Campaign.shipped(name);
    Campaign chosen = Campaign.parse(isFile(name) ? name : name + ".yaml", text);
    requireDescriptors(chosen);
    Duration limit = length;
    if (limit == null) {
      limit = chosen.endsByItself() ? Duration.ZERO : NIGHT;
    }
    long origin = seed == null ? RandomGenerator.getDefault().nextLong(1_000_000_000) : seed;
    return SoakFolder.create(
        runs.toAbsolutePath().normalize(), text, origin, limit, InstantSource.system().instant());
  }

  private static void requireDescriptors(Campaign chosen) {
    chosen.apps().forEach(app -> Apps.atHome().descriptor(app.app()));
    for (String canary : chosen.canaries()) {
      Path descriptor = home().resolve(canary);
      if (!Files.isRegularFile(descriptor)) {
        throw new UsageError("no descriptor of a canary at " + descriptor);
      }
    }
  }

  private static boolean isFile(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException _) {
      throw new SettingsException(file + ": expected a campaign, found no such file");
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot read " + file, cause);
    }
  }

  private SoakFolder interrupted(Path path) throws IOException {
    if (length != null || campaign != null || seed != null) {
      throw new UsageError(
          "--resume goes without --for, --campaign and --seed: the soak has its own");
    }
    if (!new SoakFolder(path).isSoak()) {
      throw new UsageError(
          "--resume: expected the folder of a soak, such as runs/soak/latest, found " + path);
    }
    return new SoakFolder(path.toRealPath());
  }

  /// What `./gretchen` and a command start, once more.
  static List<String> again(String command) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "-Dgretchen.home=" + home(),
        "-Dlogback.configurationFile=gretchen-logback.xml",
        "-cp",
        System.getProperty("java.class.path"),
        Gretchen.class.getName(),
        command);
  }

  private static Path home() {
    return Apps.atHome().home();
  }

  @SuppressWarnings("SystemConsoleNull") // it is null where neither input nor output is a terminal
  private Screen.Style style() {
    if (quiet) {
      return Screen.Style.QUIET;
    }
    Console console = System.console();
    return console != null && console.isTerminal() ? Screen.Style.TERMINAL : Screen.Style.LINES;
  }
}
