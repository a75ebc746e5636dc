package dev.gretchen.serve.internal.api;

import dev.gretchen.serve.internal.campaign.CampaignState;
import dev.gretchen.serve.internal.record.Comparison;
import dev.gretchen.serve.internal.record.Live;
import dev.gretchen.serve.internal.record.RunFiles.RunFile;
import dev.gretchen.verifier.record.FailureRate;
import dev.gretchen.verifier.record.FaultFigures;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.record.RunsAnswer;
import dev.gretchen.verifier.record.Trend;
import dev.gretchen.verifier.record.Violation;
import dev.gretchen.verifier.soak.SoakResult;
import dev.gretchen.verifier.soak.SoakStatus;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The answers of the API, as records whose components are the fields of the JSON.
final class Views {

  private Views() {}

  record Failed(String error) {}

  /// @param bound at most this share of such runs fails
  /// @param confidence how sure that is
  /// @param cleanRunsForOnePercent how many runs without a failure bound it by 1 %
  record Rate(
      long runs, long failed, double bound, double confidence, long cleanRunsForOnePercent) {

    private static final double ONE_PERCENT = 0.01;

    static Rate of(FailureRate rate) {
      return new Rate(
          rate.runs(),
          rate.failed(),
          rate.bound(),
          FailureRate.CONFIDENCE,
          FailureRate.cleanRunsFor(ONE_PERCENT));
    }
  }

  /// The runs that are meant, and what they say together.
  record Runs(
      Map<Outcome, Long> verdicts,
      Rate failureRate,
      List<RunView> runs,
      List<Violation> violations,
      List<FaultFigures> faults) {

    static Runs of(RunsAnswer answer) {
      return new Runs(
          answer.outcomes(),
          Rate.of(answer.rate()),
          answer.runs().stream().map(RunView::of).toList(),
          answer.violations(),
          answer.faults());
    }
  }

  /// One run.
  ///
  /// @param verdict as in `verdict.json`; null without one
  record Run(
      RunView run, List<FaultFigures> takeovers, List<RunFile> files, @Nullable Verdict verdict) {

    static Run of(RecordedRun run, List<RunFile> files) {
      return new Run(
          RunView.of(run.entry()),
          FaultFigures.of(run.faults()),
          files,
          run.verdict().orElse(null));
    }
  }

  /// Two runs.
  record Compared(RunView first, RunView second, List<Line> lines) {

    record Line(
        String part,
        String name,
        String first,
        String second,
        boolean differs,
        @Nullable Double ratio) {}

    static Compared of(Comparison comparison) {
      return new Compared(
          RunView.of(comparison.first()),
          RunView.of(comparison.second()),
          comparison.lines().stream()
              .map(line ->
                  new Line(
                      line.part().title(),
                      line.name(),
                      line.first(),
                      line.second(),
                      line.differs(),
                      line.ratio()))
              .toList());
    }
  }

  /// What runs have in common, see [Trend].
  record Point(
      String group,
      long firstAt,
      int runs,
      int failed,
      @Nullable Double availability,
      @Nullable Long eventsPerSecond,
      @Nullable Long p50Millis,
      @Nullable Long p99Millis,
      @Nullable Long residentMaxBytes,
      @Nullable Long growthBytesPerHour,
      List<FaultFigures> faults) {

    static Point of(Trend trend) {
      return new Point(
          trend.group(),
          trend.firstAt(),
          trend.runs(),
          trend.failed(),
          trend.availability() < 0 ? null : trend.availability(),
          RunView.measured(trend.eventsPerSecond()),
          RunView.measured(trend.p50Millis()),
          RunView.measured(trend.p99Millis()),
          RunView.measured(trend.residentMaxBytes()),
          RunView.measured(trend.growthBytesPerHour()),
          trend.faults());
    }
  }

  record Trends(String by, List<Point> points) {}

  /// What goes on. Without the time of the answer, so that nothing has changed where nothing
  /// happened.
  record Now(List<LiveRun> runs, List<LiveSoak> soaks) {

    record LiveRun(
        String id,
        String path,
        String app,
        long seed,
        double share,
        String state,
        List<String> said,
        long heardAt) {}

    record LiveSoak(
        String name,
        String campaign,
        long seed,
        double share,
        @Nullable String underWay,
        int runs,
        int failed,
        int canaries,
        long caught,
        double failureBound,
        long heardAt) {}

    static Now of(Live.Now now) {
      return new Now(
          now.runs().stream()
              .map(live ->
                  new LiveRun(
                      live.run().id(),
                      live.run().path(),
                      live.run().app(),
                      live.run().seed(),
                      live.progress().share(),
                      live.progress().state(),
                      live.progress().said(),
                      live.progress().at()))
              .toList(),
          now.soaks().stream().map(live -> soak(live.soak(), live.progress().at())).toList());
    }

    private static LiveSoak soak(SoakStatus soak, long heardAt) {
      SoakResult result = soak.result();
      return new LiveSoak(
          soak.name(),
          soak.campaign(),
          soak.seed(),
          soak.share(),
          soak.underWay(),
          result.runs().size(),
          result.failed().size(),
          result.canaries().size(),
          result.caught(),
          result.rate().bound(),
          heardAt);
    }
  }

  /// A campaign, whether it goes on or not.
  ///
  /// @param state `running`, `stopping`, `over` or `interrupted`
  /// @param startedHere whether it can be stopped here
  record Campaign(
      String name,
      String campaign,
      long seed,
      long begunAt,
      long lastAt,
      double share,
      String state,
      boolean startedHere,
      @Nullable String underWay,
      @Nullable String over,
      Outcome verdict,
      Map<Outcome, Long> verdicts,
      int canaries,
      long caught,
      Rate failureRate) {

    static Campaign of(CampaignState state) {
      SoakStatus soak = state.soak();
      SoakResult result = soak.result();
      Map<Outcome, Long> verdicts = new EnumMap<>(Outcome.class);
      for (Outcome outcome : Outcome.values()) {
        if (result.count(outcome) > 0) {
          verdicts.put(outcome, result.count(outcome));
        }
      }
      return new Campaign(
          soak.name(),
          soak.campaign(),
          soak.seed(),
          soak.begunAt(),
          soak.lastAt(),
          soak.share(),
          state.phase().word(),
          state.startedHere(),
          soak.underWay(),
          soak.over(),
          result.outcome(),
          verdicts,
          result.canaries().size(),
          result.caught(),
          Rate.of(result.rate()));
    }
  }

  /// @param canStart whether this server has a token, and so starts campaigns for who shows it
  record Campaigns(boolean canStart, List<String> shipped, List<Campaign> campaigns) {}
}
