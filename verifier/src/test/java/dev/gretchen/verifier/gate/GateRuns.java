package dev.gretchen.verifier.gate;

import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.judge.RunFacts;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.record.RunFigures;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Situation;
import dev.gretchen.verifier.verdict.SkippedFault;
import dev.gretchen.verifier.verdict.Verdict;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Runs for the tests of the gate, made part by part.
final class GateRuns {

  static final LocalDate TODAY = LocalDate.of(2026, 11, 22);
  static final long EVENTS = 1_000;

  private final List<Property> properties =
      new ArrayList<>(
          List.of(
              passed("stream-exact:colors", Section.SAFETY),
              passed("progress:colors", Section.LIVENESS),
              passed("load-offered", Section.PLATFORM)));
  private final List<FaultOutcome> faults = new ArrayList<>();
  private final List<SkippedFault> skipped = new ArrayList<>();
  private final List<Situation> situations = new ArrayList<>();
  private String app = "word-colors";
  private long seed = 7;
  private long startedAt = 1_000;
  private long p50 = 100;
  private long p99 = 400;
  private List<String> command = List.of();

  /// A run that passed.
  static GateRuns run() {
    return new GateRuns();
  }

  GateRuns of(String name) {
    app = name;
    return this;
  }

  GateRuns seed(long one) {
    seed = one;
    return this;
  }

  GateRuns at(long epochMillis) {
    startedAt = epochMillis;
    return this;
  }

  GateRuns latency(long median, long tail) {
    p50 = median;
    p99 = tail;
    return this;
  }

  GateRuns asked(String... options) {
    command = List.of(options);
    return this;
  }

  GateRuns with(Property property) {
    properties.removeIf(each -> each.name().equals(property.name()));
    properties.add(property);
    return this;
  }

  GateRuns fault(String kind, long recovery, long silence) {
    faults.add(
        new FaultOutcome(
            "P1",
            kind,
            "w1",
            startedAt + 10,
            startedAt + 20,
            true,
            1,
            "seen",
            Map.of("firstOutput", recovery),
            Map.of("owned", silence + 50, "usual", 50L)));
    return this;
  }

  GateRuns without(String kind, String reason) {
    skipped.add(new SkippedFault("D6", kind, reason));
    return this;
  }

  GateRuns met(String situation, long times) {
    situations.add(new Situation(situation, times, ""));
    return this;
  }

  RecordedRun done() {
    Outcome outcome = Outcome.PASS;
    for (Property property : properties) {
      Outcome of =
          switch (property.status()) {
            case PASS, SKIPPED -> Outcome.PASS;
            case VACUOUS -> Outcome.VACUOUS;
            case UNKNOWN -> Outcome.UNKNOWN;
            case FAIL -> Outcome.FAIL;
          };
      outcome = of.compareTo(outcome) > 0 ? of : outcome;
    }
    return ended(outcome);
  }

  RecordedRun ended(Outcome outcome) {
    Verdict verdict =
        new Verdict(
            Verdict.SCHEMA,
            outcome,
            "it ended as " + outcome,
            seed,
            app,
            "exactly-once",
            "exactly-once",
            startedAt,
            startedAt + 2_000,
            EVENTS,
            "00",
            "00",
            properties,
            faults,
            skipped,
            List.of(),
            List.of(service()),
            situations,
            List.of());
    return new RecordedRun(facts(), entry(outcome), Optional.of(verdict));
  }

  /// One that was broken off before there was a verdict.
  RecordedRun brokenOff() {
    return new RecordedRun(facts(), entry(null), Optional.empty());
  }

  private RunFacts facts() {
    LoadShape load = new LoadShape(seed, 10, Duration.ofSeconds(1), 4, "basic", 0);
    return RunFacts.before(app, load, Guarantee.EXACTLY_ONCE, Guarantee.EXACTLY_ONCE)
        .askedBy(command);
  }

  private RunEntry entry(@Nullable Outcome outcome) {
    return new RunEntry(
        "runs/" + app + "/run-" + seed,
        app,
        seed,
        outcome,
        "it ended as " + outcome,
        "exactly-once",
        startedAt,
        startedAt + 2_000,
        EVENTS,
        faults.size(),
        faults.size(),
        0.8,
        p99,
        "",
        new RunFigures(200, p99 / 2, RunEntry.NOT_MEASURED, RunEntry.NOT_MEASURED));
  }

  private ServiceLevel service() {
    return new ServiceLevel(
        "colors",
        ServiceLevel.ALL,
        ServiceLevel.WHOLE,
        EVENTS,
        0,
        EVENTS,
        100,
        80,
        0,
        p50,
        p99,
        p99,
        p99);
  }

  static Property passed(String name, Section section) {
    return Property.of(name, section, EVENTS, "all held", List.of(), 0);
  }

  static Property failed(String name, Section section, String kind) {
    Anomaly anomaly = new Anomaly(kind, "Key red is wrong.", List.of());
    return Property.of(name, section, EVENTS, "", List.of(anomaly), 3);
  }

  static GateInput input(RecordedRun... runs) {
    return new GateInput(List.of(runs), List.of(), List.of(), List.of(), "this-judge", TODAY);
  }

  static GateInput compared(List<RecordedRun> runs, List<RecordedRun> baseline) {
    return new GateInput(runs, baseline, List.of(), List.of(), "this-judge", TODAY);
  }
}
