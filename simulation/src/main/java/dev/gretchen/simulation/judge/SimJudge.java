package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.check.InputLogCheck;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.AppDescriptor.Stream;
import dev.gretchen.verifier.contract.AppDescriptor.Table;
import dev.gretchen.verifier.contract.Guarantee;
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
/// shared a transaction with whom.
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
                        scene.witness(), scene.history().log(app.input()), scene.history(), true)
                    .property()));
    properties.addAll(new Trial(app, scene.history(), scene.witness(), terms(scene)).safety());
    for (Stream stream : app.streams()) {
      properties.add(
          decide(
              StreamCommitCheck.name(stream),
              Section.SAFETY,
              () -> StreamCommitCheck.check(scene, stream)));
    }
    for (Table table : app.tables()) {
      properties.add(
          decide(
              TableCommitCheck.name(table),
              Section.SAFETY,
              () -> TableCommitCheck.check(scene, table)));
      properties.add(
          decide(
              StorePositionCheck.name(table),
              Section.SAFETY,
              () -> StorePositionCheck.check(scene, table)));
    }
    return SimVerdict.of(properties, run.faults().size());
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
