package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.check.DisjointOwnershipCheck;
import dev.gretchen.verifier.check.HarnessChecks;
import dev.gretchen.verifier.check.InputLogCheck;
import dev.gretchen.verifier.check.MemoryCheck;
import dev.gretchen.verifier.check.Moment;
import dev.gretchen.verifier.check.OpenTransactionsCheck;
import dev.gretchen.verifier.check.ServiceLevels;
import dev.gretchen.verifier.check.Situations;
import dev.gretchen.verifier.check.Takeovers;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.history.HistoryDamaged;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Situation;
import dev.gretchen.verifier.verdict.SkippedFault;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Timeline;
import dev.gretchen.verifier.verdict.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

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
    return judge(runDirectory, Set.of());
  }

  /// Without its history a run would be judged worse than it was, and its verdict be lost.
  private static void requireHistory(RunDirectory run) {
    if (Files.exists(run.thinned())) {
      throw new NotARunDirectory(
          run.path()
              + " cannot be judged again: its history was removed to save room; repeat the run with"
              + " its repro.sh");
    }
  }

  /// Judges it with some checkers switched off, to see what they are good for.
  ///
  /// @param without the checkers, by the names of their properties without the subject, such as
  ///   `stream-exact`; their properties are SKIPPED
  /// @throws NotARunDirectory where no run wrote it
  public static Judgement judge(Path runDirectory, Set<String> without) {
    RunDirectory run = new RunDirectory(runDirectory);
    RunFacts facts = RunFacts.read(run);
    requireHistory(run);
    AppDescriptor app = AppDescriptor.read(run.descriptor());
    Guarantee judgeAs = Guarantee.parse(facts.judgeAs());
    Evidence evidence = new Evidence(run);
    List<FaultLine> lines = evidence.faults();
    List<FaultLine> injected = lines.stream().filter(line -> line.skipped() == null).toList();
    if (facts.isBrokenOff()) {
      return brokenOff(facts, app, evidence, lines, injected);
    }
    List<Moment> moments = injected.stream().map(Evidence::moment).toList();
    LoadPlan plan = new LoadPlan(facts.shape(), app.offer().load());
    PartitionedLog input = evidence.inputs(app);
    Witness witness = new Witness(plan, input, moments);

    InputLogCheck.Result log = inputLog(witness, input, evidence, facts.barrier());
    List<String> errors = new ArrayList<>(facts.harnessErrors());
    Course course = Course.read(app, evidence, witness, injected, moments, facts, errors);

    List<Property> properties = new ArrayList<>();
    Trial trial = new Trial(app, evidence, witness, Terms.of(judgeAs));
    properties.addAll(trial.judge(facts.loadStart(), facts.loadEnd()));
    properties.addAll(ownership(trial, app, evidence));
    properties.add(HarnessChecks.drain(facts.loadEnd(), facts.drainedAt(), log.events()));
    properties.add(OpenTransactionsCheck.check(witness, evidence.transactions()));
    properties.add(log.property());
    properties.add(HarnessChecks.faultsProven(course.faults()));
    Property offered =
        HarnessChecks.loadOffered(
            plan.count(), facts.sent(), facts.lengthMillis(), facts.loadEnd() - facts.loadStart());
    properties.add(offered);
    if (!app.outside().services().isEmpty()) {
      properties.add(HarnessChecks.servicesReal(evidence.services()));
    }
    if (app.outside().memoryMib() > 0) {
      properties.add(MemoryCheck.check(witness, app.outside().memoryMib(), evidence.memory()));
    }

    properties.replaceAll(property -> heard(property, without));
    if (offered.status() == Status.UNKNOWN && !without.contains(offered.name())) {
      errors.add(offered.detail());
    }
    Outcome outcome = outcome(properties, errors);
    Verdict verdict =
        new Verdict(
            Verdict.SCHEMA,
            outcome,
            Prose.sentence(
                outcome, facts.app(), judgeAs, log.events(), course.faults(), properties, errors),
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
            course.faults(),
            skipped(lines),
            course.latency(),
            service(app, evidence, witness, facts, log.colors()),
            situations(app, evidence, witness, facts.loadStart()),
            errors);
    Timeline timeline =
        new Timeline(
            facts.loadStart(),
            facts.endedAt(),
            course.series(),
            course.tenures(),
            marks(properties));
    return new Judgement(verdict, timeline);
  }

  /// What a damaged history does not show stays empty; the properties tell of it.
  private static List<ServiceLevel> service(
      AppDescriptor app, Evidence evidence, Witness witness, RunFacts facts, long colors) {
    List<ServiceLevel> levels = new ArrayList<>();
    for (AppDescriptor.Stream stream : app.streams()) {
      if (!stream.kind().isSteady()) {
        continue;
      }
      // with several inputs, only its log tells what a stream owes
      boolean several = app.inputs().size() > 1;
      String input = app.inputs().contains(stream.source()) ? stream.source() : app.input();
      try {
        levels.addAll(
            ServiceLevels.measure(
                witness,
                evidence.log(input),
                record -> witness.plan().isColor(record.id()),
                several ? Long.MAX_VALUE : colors,
                evidence.log(stream.topic()),
                facts.loadStart(),
                Math.max(facts.endedAt(), facts.loadStart())));
      } catch (HistoryDamaged _) {
        levels.removeIf(level -> level.topic().equals(stream.topic()));
      }
    }
    return levels;
  }

  private static List<Situation> situations(
      AppDescriptor app, Evidence evidence, Witness witness, long loadStart) {
    try {
      return Situations.met(
          witness,
          evidence,
          evidence.log(app.input()).partitions(),
          app.streams().stream().map(stream -> evidence.log(stream.topic())).toList(),
          evidence.audit(app),
          loadStart);
    } catch (HistoryDamaged _) {
      return List.of();
    }
  }

  private static Property heard(Property property, Set<String> without) {
    String checker = property.name().replaceFirst(":.*", "");
    return without.contains(checker)
        ? Property.skipped(property.name(), property.section(), "the checker is switched off")
        : property;
  }

  private static List<Property> ownership(Trial trial, AppDescriptor app, Evidence evidence) {
    try {
      return trial.ownership(evidence.audit(app), evidence.exits());
    } catch (HistoryDamaged e) {
      return List.of(
          Property.unknown(DisjointOwnershipCheck.NAME, Section.SAFETY, 0, e.getMessage() + "."));
    }
  }

  /// A run that did not reach its end accuses nobody: what is missing in its logs may only have had
  /// no time.
  private static Judgement brokenOff(
      RunFacts facts,
      AppDescriptor app,
      Evidence evidence,
      List<FaultLine> lines,
      List<FaultLine> injected) {
    List<String> errors =
        facts.harnessErrors().isEmpty()
            ? List.of("The run ended before its load was over, and nobody was left to say why")
            : facts.harnessErrors();
    Property property =
        Property.unknown(
            "run-complete", Section.PLATFORM, 0, errors.getFirst() + "; run it again.");
    Verdict verdict =
        new Verdict(
            Verdict.SCHEMA,
            Outcome.HARNESS_ERROR,
            "The run says nothing about " + facts.app() + ": " + errors.getFirst(),
            facts.seed(),
            facts.app(),
            facts.guarantee(),
            facts.judgeAs(),
            // when the load began is not known: times count from the first fault
            injected.stream().mapToLong(FaultLine::at).min().orElse(facts.endedAt()),
            facts.endedAt(),
            0,
            new LoadPlan(facts.shape(), app.offer().load()).loadHash(),
            evidence.planHash(),
            List.of(property),
            Course.outcomes(
                injected, Collections.nCopies(injected.size(), Takeovers.Aftermath.NONE)),
            skipped(lines),
            List.of(),
            List.of(),
            List.of(),
            errors);
    return new Judgement(verdict, new Timeline(0, 0, List.of(), List.of(), List.of()));
  }

  /// A damaged input log decides nothing, but must not keep the other properties from being judged.
  private static InputLogCheck.Result inputLog(
      Witness witness, PartitionedLog input, Evidence evidence, boolean barrier) {
    try {
      return InputLogCheck.check(witness, input, evidence, barrier);
    } catch (HistoryDamaged e) {
      String name = "platform-log:" + input.topic();
      return new InputLogCheck.Result(
          Property.unknown(name, Section.PLATFORM, 0, e.getMessage() + "."), 0, 0);
    }
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
