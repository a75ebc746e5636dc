package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.check.Moment;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.AppliedOffsets;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.Lineage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One run, opened for the checks of this package: its logs, how its offsets rose, and which
/// records turned out to share a transaction.
final class Scene {

  /// What is wrong with a record's commit.
  record Torn(String kind, String what) {}

  private record Unit(CommitLine line, int commit, Seen by) {}

  private final AppDescriptor app;
  private final SimulatedRun run;
  private final SimHistory history;
  private final Witness witness;
  private final Map<String, CommitLine[]> lines = new HashMap<>();
  private final Map<Long, Unit> transactions = new HashMap<>();

  Scene(AppDescriptor app, SimulatedRun run) {
    this.app = app;
    this.run = run;
    this.history = new SimHistory(run, app);
    List<Moment> moments = run.faults().stream().map(Scene::moment).toList();
    this.witness = new Witness(run.plan(), history.inputs(app), moments);
    for (String source : app.sources()) {
      CommitLine[] all = new CommitLine[history.log(source).partitions()];
      for (int p = 0; p < all.length; p++) {
        all[p] = new CommitLine(source, p);
      }
      lines.put(source, all);
    }
    for (CommittedOffset commit : run.commits()) {
      CommitLine line = line(commit.topic(), commit.partition());
      if (line != null) {
        line.add(commit);
      }
    }
  }

  /// To a checker of the verifier, whatever excuses a repetition is the end of a process.
  private static Moment moment(SimFault fault) {
    return new Moment(
        fault.kind(),
        fault.target(),
        SimHistory.millis(fault.atNanos()),
        SimHistory.millis(fault.healedNanos()),
        fault.excusesRepetition());
  }

  AppDescriptor app() {
    return app;
  }

  SimulatedRun run() {
    return run;
  }

  SimHistory history() {
    return history;
  }

  Witness witness() {
    return witness;
  }

  /// What the app's streams are held to. Only a disturbance that excuses repetitions makes
  /// at-least-once any weaker than exactly-once.
  Guarantee streamsAs() {
    return judgeAs() == Guarantee.AT_LEAST_ONCE && run.mayRepeat()
        ? Guarantee.AT_LEAST_ONCE
        : Guarantee.EXACTLY_ONCE;
  }

  /// What the app claims.
  Guarantee judgeAs() {
    return run.judgeAs();
  }

  /// How the offset of a source partition rose, null where there is no such partition.
  @Nullable CommitLine line(String topic, int partition) {
    CommitLine[] all = lines.get(topic);
    return all == null || partition < 0 || partition >= all.length ? null : all[partition];
  }

  /// What is wrong with the commit of a record that was sent in a transaction, null where it became
  /// visible together with the offset behind its events, and with nothing else.
  ///
  /// @param commit that covers the first of its events
  @Nullable Torn torn(Seen seen, Lineage lineage, CommitLine line, int commit) {
    if (commit < 0) {
      return new Torn(
          "uncommitted",
          "is visible, though no offset behind its event was ever committed: "
              + lineage.topic()
              + "-"
              + lineage.partition()
              + " stands at "
              + line.end());
    }
    if (line.find(lineage.last()) != commit) {
      return new Torn(
          "torn",
          "stands for events up to "
              + lineage.last()
              + ", of which some were committed apart, with "
              + line.describe(commit));
    }
    if (line.epoch(commit) != AppliedOffsets.NO_EPOCH && line.epoch(commit) != lineage.epoch()) {
      return new Torn(
          "torn", "was not committed with the offset behind its event, " + line.describe(commit));
    }
    if (seen.transaction() == Seen.NO_TRANSACTION) {
      return new Torn("outside-transaction", "was written outside of any transaction");
    }
    return shared(seen, lineage, line, commit);
  }

  private @Nullable Torn shared(Seen seen, Lineage lineage, CommitLine line, int commit) {
    Seen member = line.member(commit);
    if (member == null) {
      line.setMember(commit, seen);
      Unit unit =
          transactions.computeIfAbsent(seen.transaction(), _ -> new Unit(line, commit, seen));
      member = unit.by();
      if (unit.line().nanos(unit.commit()) != line.nanos(commit)) {
        return new Torn(
            "torn",
            "shares a transaction with a record whose offset became visible at another moment: "
                + unit.line().describe(unit.commit())
                + " and "
                + line.describe(commit));
      }
    }
    Lineage other = member.lineage();
    if (member.transaction() != seen.transaction()) {
      return new Torn(
          "torn", "is in another transaction than the rest of " + line.describe(commit));
    }
    if (other != null && !sameSender(other, lineage)) {
      return new Torn("torn", "shares a transaction with a record by " + other.sender());
    }
    return null;
  }

  private static boolean sameSender(Lineage a, Lineage b) {
    return a.epoch() == b.epoch()
        && a.generation() == b.generation()
        && a.worker().equals(b.worker());
  }
}
