package dev.gretchen.verifier.run;

import dev.gretchen.chaos.fault.Skipped;
import dev.gretchen.chaos.nemesis.FaultEntry;
import dev.gretchen.chaos.nemesis.Journal;
import dev.gretchen.chaos.worker.UnexpectedExit;
import dev.gretchen.verifier.history.ExitLine;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.history.JsonLines;
import dev.gretchen.verifier.history.RunDirectory;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Writes down what the nemesis does, and which workers ended by themselves, and says it on the
/// screen.
final class FaultLog implements Journal, AutoCloseable {

  private final JsonLines.Writer<FaultLine> lines;
  private final JsonLines.Writer<ExitLine> exits;
  private final Screen screen;
  private final AtomicInteger injected = new AtomicInteger();
  private final Set<UnexpectedExit> surprises = new LinkedHashSet<>();
  private final Set<UnexpectedExit> excused = new HashSet<>();

  FaultLog(RunDirectory run, Screen screen) {
    this.lines = new JsonLines.Writer<>(run.faults());
    this.exits = new JsonLines.Writer<>(run.exits());
    this.screen = screen;
  }

  @Override
  public void skipped(Skipped skipped) {
    lines.append(FaultLine.skipped(skipped.id(), skipped.kind(), skipped.reason()));
  }

  @Override
  public void begun(FaultEntry entry) {
    screen.say("  fault " + entry.ordinal() + "  " + entry.kind() + "  " + entry.target());
  }

  @Override
  public void proven(FaultEntry entry) {
    injected.incrementAndGet();
  }

  @Override
  public void over(FaultEntry entry) {
    lines.append(
        new FaultLine(
            entry.id(),
            entry.kind(),
            hit(entry),
            entry.at(),
            entry.healedAt(),
            entry.proven(),
            entry.sigkills(),
            role(entry) + entry.proof(),
            entry.held(),
            entry.turns().stream()
                .map(turn -> new FaultLine.Turn(turn.worker(), turn.at(), turn.held()))
                .toList(),
            null,
            entry.clockAheadMillis() == 0 ? null : entry.clockAheadMillis(),
            entry.lost()));
    if (!entry.proven()) {
      screen.say(
          "  fault " + entry.ordinal() + "  " + entry.kind() + " without effect: " + entry.proof());
    }
  }

  /// The worker or broker itself: the judge looks for it in logs and audit.
  private static String hit(FaultEntry entry) {
    return entry.worker().isEmpty() ? entry.target() : entry.worker();
  }

  /// The role that it had, where it was hit for one.
  private static String role(FaultEntry entry) {
    int end = entry.target().indexOf(": ");
    return entry.worker().isEmpty() || end < 0 ? "" : entry.target().substring(0, end) + "; ";
  }

  @Override
  public synchronized void unexpectedExit(UnexpectedExit exit) {
    if (!excused.contains(exit) && surprises.add(exit)) {
      exits.append(line(exit));
      screen.say("  " + exit.describe());
    }
  }

  /// Its ownership has ended all the same, which the judge has to know.
  @Override
  public synchronized void excused(UnexpectedExit exit) {
    if (excused.add(exit)) {
      exits.append(line(exit));
    }
  }

  private static ExitLine line(UnexpectedExit exit) {
    return new ExitLine(exit.incarnation().worker(), exit.at().toEpochMilli(), exit.exitStatus());
  }

  /// How many have taken effect.
  int injected() {
    return injected.get();
  }

  /// Workers that ended by themselves, a sentence each.
  synchronized List<String> surprises() {
    return surprises.stream().map(UnexpectedExit::describe).toList();
  }

  @Override
  public void close() {
    lines.close();
    exits.close();
  }
}
