package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.check.InputLogCheck;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.AppDescriptor.Stream;
import dev.gretchen.verifier.contract.AppDescriptor.Table;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.StreamKind;
import dev.gretchen.verifier.judge.Terms;
import dev.gretchen.verifier.judge.Trial;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Judges simulated runs of one app.
///
/// The story: has it done all its work; does the input log hold what was acknowledged; then the
/// same trial that real runs stand, on the same checkers; then what only a simulation sees, who
/// shared a transaction with whom. Where an app has streams or tables that others than events write
/// to, that is left to the verifier's own check of transactions.
///
/// **At least once** is judged as exactly once where nothing happened that excuses doing work
/// again: a graceful rebalance is no excuse. Tables are always judged as exactly once, since
/// changelogs and offsets share a transaction under either guarantee.
///
/// Keeps nothing between runs; any thread.
public final class SimJudge {

  private final AppDescriptor app;

  /// A judge of the app that a descriptor describes.
  public SimJudge(AppDescriptor app) {
    this.app = app;
  }

  /// A judge of word-colors. Parses the descriptor: make one for many runs.
  public static SimJudge ofWordColors() {
    return new SimJudge(Descriptors.wordColors());
  }

  /// Judges a run. Costs about 0.7 µs of CPU for each event where keys are few, and twice that
  /// where nearly every event has a key of its own in its commit.
  public SimVerdict judge(SimulatedRun run) {
    Scene scene = new Scene(app, run);
    List<Property> properties = new ArrayList<>();
    properties.add(decide(DrainCheck.NAME, Section.LIVENESS, () -> DrainCheck.check(scene)));
    properties.add(
        decide(
            "platform-log:" + app.input(),
            Section.PLATFORM,
            () ->
                InputLogCheck.check(
                        scene.witness(), scene.history().inputs(app), scene.history(), true)
                    .property()));
    Trial trial = new Trial(app, scene.history(), scene.witness(), terms(scene));
    properties.addAll(trial.safety());
    boolean wholeCommits =
        app.streams().stream().allMatch(SimJudge::hasWholeCommits)
            && app.tables().stream().allMatch(this::isChangedByEventsAlone);
    if (!wholeCommits) {
      properties.addAll(trial.atomic());
    }
    for (Stream stream : app.streams()) {
      if (hasWholeCommits(stream)) {
        properties.add(
            decide(
                StreamCommitCheck.name(stream),
                Section.SAFETY,
                () -> StreamCommitCheck.check(scene, stream)));
      }
    }
    for (Table table : app.tables()) {
      if (isChangedByEventsAlone(table)) {
        properties.add(
            decide(
                TableCommitCheck.name(table),
                Section.SAFETY,
                () -> TableCommitCheck.check(scene, table)));
      }
      properties.add(
          decide(
              StorePositionCheck.name(table),
              Section.SAFETY,
              () -> StorePositionCheck.check(scene, table)));
    }
    return SimVerdict.of(properties, run.faults().size());
  }

  /// Whether a stream has a record for each event of one source, or none, so that each commit can
  /// be looked at as a whole.
  private static boolean hasWholeCommits(Stream stream) {
    return switch (stream.kind()) {
      case FILTERED, COUNT_UPDATES -> true;
      case ENRICHMENT, GATHERED, LATE, CLOSED, TICKS, ADMITTED, REJECTED, NUMBERED, BANS -> false;
    };
  }

  /// Whether each change of a table is that of an event, or a window that is dropped with one: what
  /// a window's close and a sweep write is of no event.
  private boolean isChangedByEventsAlone(Table table) {
    return switch (table.kind()) {
      case COUNTS -> true;
      case WINDOWED_COUNTS ->
          app.streams().stream()
              .noneMatch(stream ->
                  stream.kind() == StreamKind.CLOSED && stream.of().contains(table.name()));
      case SESSIONS, EXPIRING_COUNTS, BANS, POSTED, RECENT -> false;
    };
  }

  /// Outside of transactions, a worker that was taken for dead may still write after its successor
  /// did.
  private static Terms terms(Scene scene) {
    Guarantee streams = scene.streamsAs();
    return new Terms(
        streams,
        Guarantee.EXACTLY_ONCE,
        streams == Guarantee.EXACTLY_ONCE,
        scene.judgeAs() == Guarantee.EXACTLY_ONCE);
  }

  private static Property decide(String name, Section section, Supplier<Property> check) {
    try {
      return check.get();
    } catch (RuntimeException e) {
      return Property.unknown(name, section, 0, "The checker could not finish: " + e);
    }
  }
}
