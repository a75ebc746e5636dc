package dev.gretchen.cli;

import dev.gretchen.verifier.gate.Decision;
import dev.gretchen.verifier.gate.Gate;
import dev.gretchen.verifier.gate.GateInput;
import dev.gretchen.verifier.gate.GateRecord;
import dev.gretchen.verifier.gate.GateRecord.Baseline;
import dev.gretchen.verifier.gate.Policy;
import dev.gretchen.verifier.gate.Profile;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.report.GateReports;
import dev.gretchen.verifier.report.GateText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gretchen gate`: holds a policy against runs.
@Command(
    name = "gate",
    description = {
      "Holds a policy against runs and says of each of its rules, with the figures, whether it holds. What a policy can say is in docs/gate.md.",
      "",
      "Examples: ./gretchen gate --profile pr runs/soak/latest",
      "          ./gretchen gate --policy gate.yaml --since 24h",
      "          ./gretchen gate --profile nightly runs/soak/latest --baseline last-10 --record ../earlier"
    },
    footer = {
      "",
      "Writes junit.xml, summary.md and badge.svg into the folder gate beside the runs.",
      "Exit status: 0 every rule holds; 1 refused; 3 the environment; 64 wrong usage, or a policy that says something that is not allowed."
    },
    sortOptions = false)
final class GateCommand implements Callable<Integer> {

  private static final int REFUSED = 1;
  private static final Pattern LAST = Pattern.compile("last-([1-9][0-9]{0,4})");

  @Parameters(
      paramLabel = "RUNS",
      arity = "0..*",
      description = "folders of runs, or directories of runs (default: runs)")
  private List<Path> folders = List.of();

  @Option(names = "--policy", paramLabel = "FILE", description = "the policy")
  private @Nullable Path policy;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "a policy that is shipped: pr, nightly, pre-release or demo")
  private @Nullable String profile;

  @Option(
      names = "--baseline",
      paramLabel = "last-N|RUN",
      description =
          "compare with the last N runs before these, or with a run or a folder of runs (default: with nothing)")
  private @Nullable String baseline;

  @Option(
      names = "--record",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "where last-N looks for earlier runs (default: ${DEFAULT-VALUE})")
  private Path record = Path.of("runs");

  @Option(names = "--app", paramLabel = "NAME", description = "only runs of this app")
  private @Nullable String app;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Durations.class,
      description = "only runs that began in the last 24h, 90m, ...")
  private @Nullable Duration since;

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description = "a calibration.json of this judge (default: those beside the runs)")
  private @Nullable Path calibration;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "where to write to (default: gate, in the first RUNS)")
  private @Nullable Path out;

  @Option(names = "--show-policy", description = "prints the policy, to begin one's own with")
  private boolean show;

  @Override
  public Integer call() {
    if (show) {
      System.out.print(shipped().text());
      return ExitStatus.OK;
    }
    Policy chosen = policy();
    List<Path> from = folders.isEmpty() ? List.of(Path.of("runs")) : folders;
    Clock clock = Clock.systemUTC();
    GateInput input =
        new GateRecord(from, run -> isMeant(run, clock.millis()), baseline(), calibration)
            .read(LocalDate.now(clock.withZone(ZoneOffset.UTC)));
    Decision decision = Gate.decide(chosen, input);
    write(out == null ? from.getFirst().resolve("gate") : out, decision);
    System.out.print(GateText.plain(decision));
    return decision.passes() ? ExitStatus.OK : REFUSED;
  }

  private Policy policy() {
    Path file = policy;
    if ((file == null) == (profile == null)) {
      throw new UsageError(
          "name one of --policy FILE and --profile NAME; there are the profiles "
              + Profile.names());
    }
    return file == null ? shipped().policy() : Policy.read(file);
  }

  private Profile shipped() {
    String name = profile;
    if (name == null) {
      throw new UsageError("--show-policy goes with --profile; there are " + Profile.names());
    }
    return Profile.named(name);
  }

  /// A run that never began its load has no time, and is meant: what was broken off must not be
  /// overlooked.
  private boolean isMeant(RecordedRun run, long now) {
    Duration length = since;
    long at = run.entry().startedAt();
    return (app == null || run.entry().app().equals(app))
        && (length == null || at == 0 || at >= now - length.toMillis());
  }

  private Baseline baseline() {
    String text = baseline;
    if (text == null) {
      return new Baseline.None();
    }
    Matcher last = LAST.matcher(text);
    return last.matches()
        ? new Baseline.Last(Integer.parseInt(last.group(1)), record)
        : new Baseline.Of(Path.of(text));
  }

  private static void write(Path folder, Decision decision) {
    try {
      GateReports.write(folder, decision);
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot write the gate's reports to " + folder, cause);
    }
  }
}
