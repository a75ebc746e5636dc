package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.check.HarnessChecks;
import dev.gretchen.verifier.check.InputLogCheck;
import dev.gretchen.verifier.check.Moment;
import dev.gretchen.verifier.check.Ownership;
import dev.gretchen.verifier.check.Pace;
import dev.gretchen.verifier.check.Takeovers;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.SkippedFault;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Timeline;
import dev.gretchen.verifier.verdict.Timeline.Tenure;
import dev.gretchen.verifier.verdict.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Judges a run from its directory alone, so that judging again gives the same verdict, byte for
/// byte.
///
/// The story: read the facts; hold the input log against the acknowledgements; fold it to the truth
/// and hold every stream, table, store and offset against that; look at liveness; word the verdict.
/// FAIL outweighs HARNESS_ERROR, that UNKNOWN, that VACUOUS, that PASS.
public final class Judge {

  private Judge() {}

  /// Judges the run of a directory. Streams the history several times; takes seconds for a million
  /// events.
  ///
  /// @throws NotARunDirectory where no run wrote it
  public static Judgement judge(Path runDirectory) {
    RunDirectory run = new RunDirectory(runDirectory);
    RunFacts facts = RunFacts.read(run);
    AppDescriptor app = AppDescriptor.read(run.descriptor());
    Guarantee judgeAs = Guarantee.parse(facts.judgeAs());
    Evidence evidence = new Evidence(run);
    List<FaultLine> lines = evidence.faults();
    List<FaultLine> injected = lines.stream().filter(line -> line.skipped() == null).toList();
    List<Moment> moments = injected.stream().map(Evidence::moment).toList();
    LoadPlan plan = new LoadPlan(facts.shape());
    PartitionedLog input = evidence.log(app.input());
    Witness witness = new Witness(plan, input, moments);

    InputLogCheck.Result log = InputLogCheck.check(witness, input, evidence::acks, facts.barrier());
    List<AuditEvent> audit = evidence.audit(app);
    List<Tenure> tenures = Ownership.tenures(audit, moments, facts.endedAt());
    Pace.Result pace = pace(app, evidence, witness, facts);
    List<FaultOutcome> faults =
        outcomes(
            injected,
            Takeovers.phases(
                witness,
                moments,
                audit,
                tenures,
                app.streams().stream().map(stream -> evidence.log(stream.topic())).toList(),
                facts.loadStart(),
                pace.usualMillis()));

    List<Property> properties = new ArrayList<>();
    properties.addAll(
        new Trial(app, evidence, witness, judgeAs).judge(facts.loadStart(), facts.loadEnd()));
    properties.add(HarnessChecks.drain(facts.loadEnd(), facts.drainedAt(), log.events()));
    properties.add(log.property());
    properties.add(HarnessChecks.faultsProven(faults));
    Property offered =
        HarnessChecks.loadOffered(
            plan.count(), facts.sent(), facts.lengthMillis(), facts.loadEnd() - facts.loadStart());
    properties.add(offered);

    List<String> errors = new ArrayList<>(facts.harnessErrors());
    if (offered.status() == Status.UNKNOWN) {
      errors.add(offered.detail());
    }
    Outcome outcome = outcome(properties, errors);
    Verdict verdict =
        new Verdict(
            Verdict.SCHEMA,
            outcome,
            Prose.sentence(outcome, facts.app(), judgeAs, log.events(), faults, properties, errors),
            facts.seed(),
            facts.app(),
            facts.guarantee(),
            facts.judgeAs(),
            facts.loadStart(),
            facts.endedAt(),
            log.events(),
            plan.loadHash(),
            evidence.planHash(),
            properties,
            faults,
            skipped(lines),
            pace.latency(),
            errors);
    Timeline timeline =
        new Timeline(facts.loadStart(), facts.endedAt(), pace.series(), tenures, marks(properties));
    return new Judgement(verdict, timeline);
  }

  private static Pace.Result pace(
      AppDescriptor app, Evidence evidence, Witness witness, RunFacts facts) {
    String last = app.streams().isEmpty() ? app.input() : app.streams().getLast().topic();
    boolean stream = !app.streams().isEmpty();
    return Pace.measure(
        witness,
        evidence.log(app.input()),
        record -> !stream || witness.plan().isColor(record.id()),
        evidence.log(last),
        facts.loadStart(),
        Math.max(facts.endedAt(), facts.loadStart()));
  }

  private static List<FaultOutcome> outcomes(
      List<FaultLine> injected, List<Map<String, Long>> phases) {
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
              line.proof(),
              phases.get(i)));
    }
    return outcomes;
  }

  private static List<SkippedFault> skipped(List<FaultLine> lines) {
    List<SkippedFault> skipped = new ArrayList<>();
    for (FaultLine line : lines) {
      String reason = line.skipped();
      if (reason != null) {
        skipped.add(new SkippedFault(line.id(), line.kind(), reason));
      }
    }
    return skipped;
  }

  private static Outcome outcome(List<Property> properties, List<String> harnessErrors) {
    if (any(properties, Status.FAIL)) {
      return Outcome.FAIL;
    }
    if (!harnessErrors.isEmpty()) {
      return Outcome.HARNESS_ERROR;
    }
    if (any(properties, Status.UNKNOWN)) {
      return Outcome.UNKNOWN;
    }
    return any(properties, Status.VACUOUS) ? Outcome.VACUOUS : Outcome.PASS;
  }

  private static boolean any(List<Property> properties, Status status) {
    return properties.stream().anyMatch(property -> property.status() == status);
  }

  private static List<Timeline.Mark> marks(List<Property> properties) {
    List<Timeline.Mark> marks = new ArrayList<>();
    for (Property property : properties) {
      for (Anomaly anomaly : property.anomalies()) {
        if (anomaly.atMillis() > 0) {
          marks.add(new Timeline.Mark(anomaly.atMillis(), anomaly.kind() + " " + property.name()));
        }
      }
    }
    marks.sort(
        Comparator.comparingLong(Timeline.Mark::atMillis).thenComparing(Timeline.Mark::label));
    return marks;
  }
}
