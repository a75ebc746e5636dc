package dev.gretchen.cli;

import dev.gretchen.verifier.record.Grouping;
import dev.gretchen.verifier.record.RunFilter;
import dev.gretchen.verifier.record.RunIndex;
import dev.gretchen.verifier.record.RunsAnswer;
import dev.gretchen.verifier.record.RunsText;
import dev.gretchen.verifier.verdict.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gretchen runs`: the record of all runs.
@Command(
    name = "runs",
    description = {
      "Lists runs, what they violated and how their takeovers went, and says what that many runs prove.",
      "",
      "Examples: ./gretchen runs --app word-colors --since 24h",
      "          ./gretchen runs --verdict FAIL --show violations",
      "          ./gretchen runs --fault kill-owner --show faults",
      "          ./gretchen runs --since 700h --show trends"
    },
    footer = {
      "",
      "The directories of the runs are the source; an index beside them (.record.db) is made and kept up to date by this command.",
      "",
      "Exit status: 0; 3 where the index cannot be used; 64 for wrong usage."
    })
final class RunsCommand implements Callable<Integer> {

  private static final int LAST_MAX = 1_000_000;
  private static final String TRENDS = "trends";

  @Mixin private RunsFolder runs = new RunsFolder();

  @Option(names = "--app", paramLabel = "NAME", description = "runs of this app")
  private @Nullable String app;

  @Option(
      names = "--verdict",
      paramLabel = "VERDICT",
      split = ",",
      description = "runs that ended so: ${COMPLETION-CANDIDATES}")
  private List<Outcome> verdicts = List.of();

  @Option(
      names = "--fault",
      paramLabel = "KIND",
      description = "runs with a proven fault of this kind, such as kill-owner")
  private @Nullable String fault;

  @Option(
      names = "--violation",
      paramLabel = "TEXT",
      description = "runs with a violation whose name begins so, such as stream-exact:colors")
  private @Nullable String violation;

  @Option(names = "--seed", paramLabel = "N", description = "runs of this seed")
  private @Nullable Long seed;

  @Option(
      names = "--commit",
      paramLabel = "NAME",
      description = "runs of an app at a commit whose name begins so")
  private @Nullable String commit;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Durations.class,
      description = "runs that began in the last 24h, 90m, ...")
  private @Nullable Duration since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = Durations.class,
      description = "runs that began longer ago than 24h, 90m, ...")
  private @Nullable Duration until;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "so many runs are listed (default: ${DEFAULT-VALUE}); all count in what is said of them")
  private int last = 20;

  @Option(
      names = "--show",
      paramLabel = "WHAT",
      defaultValue = "runs",
      description =
          "runs, violations, faults, or trends from commit to commit (default: ${DEFAULT-VALUE})")
  private String show = "runs";

  @Option(names = "--json", description = "everything, for programs")
  private boolean json;

  @Option(names = "--rebuild", description = "makes the index anew from the directories first")
  private boolean rebuild;

  @Override
  public Integer call() {
    if (last < 1 || last > LAST_MAX) {
      throw new UsageError("--last: expected 1 to %d, found %d".formatted(LAST_MAX, last));
    }
    if (!Set.of("runs", "violations", "faults", TRENDS).contains(show)) {
      throw new UsageError(
          "--show: expected runs, violations, faults or trends, found '" + show + "'");
    }
    try (RunIndex index = RunIndex.open(runs.path())) {
      if (rebuild) {
        index.rebuild();
      } else {
        index.refresh();
      }
      if (show.equals(TRENDS) && !json) {
        System.out.print(RunsText.trends(index.trend(filter(), Grouping.COMMIT, LAST_MAX)));
        return ExitStatus.OK;
      }
      RunsAnswer answer = RunsAnswer.of(index, filter(), last);
      System.out.print(json ? answer.json() : text(answer));
      return ExitStatus.OK;
    }
  }

  private String text(RunsAnswer answer) {
    return switch (show) {
      case "violations" -> RunsText.violations(answer);
      case "faults" -> RunsText.faults(answer);
      default -> RunsText.runs(answer);
    };
  }

  private RunFilter filter() {
    long now = Clock.systemUTC().millis();
    Duration from = since;
    Duration to = until;
    return RunFilter.ALL
        .ofApp(app)
        .endedAs(verdicts.isEmpty() ? Set.of() : EnumSet.copyOf(verdicts))
        .withFault(fault)
        .withViolation(violation)
        .ofSeed(seed)
        .atCommit(commit)
        .since(from == null ? 0 : now - from.toMillis())
        .until(to == null ? 0 : now - to.toMillis());
  }
}
