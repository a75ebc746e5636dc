package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.check.InputTask;
import dev.gretchen.verifier.check.Moment;
import dev.gretchen.verifier.check.Ownership;
import dev.gretchen.verifier.check.Pace;
import dev.gretchen.verifier.check.Takeovers;
import dev.gretchen.verifier.check.Takeovers.Aftermath;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.AppDescriptor.Stream;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.StreamKind;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.history.HistoryDamaged;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Latency;
import dev.gretchen.verifier.verdict.Timeline.Series;
import dev.gretchen.verifier.verdict.Timeline.Tenure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// The course that a run took: rates, latency, ownership, and what each fault led to. It decides no
/// property.
record Course(
    List<Series> series, List<Latency> latency, List<Tenure> tenures, List<FaultOutcome> faults) {

  /// Reads it from the history; what a damaged history does not show stays empty, and is an error
  /// of the harness.
  static Course read(
      AppDescriptor app,
      Evidence evidence,
      Witness witness,
      List<FaultLine> injected,
      List<Moment> moments,
      RunFacts facts,
      List<String> errors) {
    try {
      List<AuditEvent> audit = evidence.audit(app);
      List<Moment> ends = new ArrayList<>(moments);
      ends.addAll(evidence.exits());
      // what was over before the load began is no part of the story
      List<Tenure> tenures =
          Ownership.tenures(audit, ends, facts.endedAt()).stream()
              .filter(tenure -> tenure.toMillis() >= facts.loadStart())
              .toList();
      Pace.Result pace = pace(app, evidence, witness, facts);
      Takeovers takeovers =
          new Takeovers(
              hits(injected, moments, tenures), audit, facts.loadStart(), pace.usualMillis());
      new Outputs(app, evidence, witness, facts.loadStart()).each(takeovers::output);
      return new Course(
          pace.series(), pace.latency(), tenures, outcomes(injected, takeovers.aftermaths()));
    } catch (HistoryDamaged e) {
      errors.add(e.getMessage() + ".");
      List<Aftermath> none = Collections.nCopies(injected.size(), Aftermath.NONE);
      return new Course(List.of(), List.of(), List.of(), outcomes(injected, none));
    }
  }

  /// What the group said that the victim held; where nobody asked it, what the victim itself told.
  private static List<Takeovers.Hit> hits(
      List<FaultLine> injected, List<Moment> moments, List<Tenure> tenures) {
    List<Takeovers.Hit> hits = new ArrayList<>();
    for (int i = 0; i < injected.size(); i++) {
      Moment fault = moments.get(i);
      Set<InputTask> held = tasks(injected.get(i).held());
      if (held.isEmpty() && fault.endsProcess()) {
        tenures.stream()
            .filter(t -> t.worker().equals(fault.target()))
            .filter(t -> t.fromMillis() < fault.at() && t.toMillis() >= fault.at())
            .forEach(t -> held.add(new InputTask(t.topic(), t.partition())));
      }
      List<Takeovers.Turn> turns =
          injected.get(i).turns().stream()
              .map(turn -> new Takeovers.Turn(turn.worker(), turn.at(), tasks(turn.held())))
              .toList();
      hits.add(new Takeovers.Hit(fault, held, turns));
    }
    return hits;
  }

  private static Set<InputTask> tasks(List<String> partitions) {
    Set<InputTask> tasks = new HashSet<>();
    partitions.stream().map(InputTask::parse).filter(Objects::nonNull).forEach(tasks::add);
    return tasks;
  }

  private static Pace.Result pace(
      AppDescriptor app, Evidence evidence, Witness witness, RunFacts facts) {
    List<Stream> steady = app.streams().stream().filter(s -> s.kind().isSteady()).toList();
    Stream last = steady.isEmpty() ? null : steady.getLast();
    boolean ofAll = last != null && last.kind() == StreamKind.GATHERED;
    return Pace.measure(
        witness,
        ofAll ? evidence.inputs(app) : evidence.log(app.input()),
        record -> last == null || witness.plan().isColor(record.id()),
        evidence.log(last == null ? app.input() : last.topic()),
        facts.loadStart(),
        Math.max(facts.endedAt(), facts.loadStart()));
  }

  static List<FaultOutcome> outcomes(List<FaultLine> injected, List<Aftermath> aftermaths) {
    List<FaultOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < injected.size(); i++) {
      FaultLine line = injected.get(i);
      outcomes.add(
          new FaultOutcome(
              line.id(),
              line.kind(),
              line.target(),
              line.at(),
              line.healedAt(),
              line.proven(),
              line.sigkills(),
              line.proof(),
              aftermaths.get(i).phases(),
              aftermaths.get(i).silence()));
    }
    return outcomes;
  }
}
