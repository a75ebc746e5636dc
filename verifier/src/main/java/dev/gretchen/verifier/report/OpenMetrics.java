package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Latency;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Situation;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Renders `metrics.om`, the numbers of a run as OpenMetrics text, for trends over runs.
///
/// `verify_property_status` is 0 pass, 1 fail, 2 unknown, 3 vacuous, 4 skipped; `verify_run_status`
/// is the exit status of the command. Phases that a fault did not reach have no sample.
public final class OpenMetrics {

  private final Verdict verdict;
  private final MetricText metrics = new MetricText();

  private OpenMetrics(Verdict verdict) {
    this.verdict = verdict;
  }

  /// The whole exposition, ending with `# EOF`.
  public static String render(Verdict verdict) {
    return new OpenMetrics(verdict).text();
  }

  private String text() {
    run();
    properties();
    faults();
    latency();
    service();
    situations();
    return metrics.text();
  }

  private void run() {
    begin(RunMetric.VERIFY_RUN)
        .sample(
            1,
            Long.toString(verdict.seed()),
            verdict.guarantee(),
            verdict.judgedAs(),
            verdict.verdict().name(),
            verdict.loadHash(),
            verdict.planHash());
    begin(RunMetric.VERIFY_RUN_STATUS).sample(verdict.verdict().exitStatus());
    begin(RunMetric.VERIFY_RUN_DURATION_SECONDS).seconds(Judged.durationMillis(verdict));
    begin(RunMetric.VERIFY_RUN_END_TIMESTAMP_SECONDS).seconds(verdict.endedAt());
    begin(RunMetric.VERIFY_EVENTS).sample(verdict.events());
    begin(RunMetric.VERIFY_HARNESS_ERRORS).sample(verdict.harnessErrors().size());
  }

  private void properties() {
    perProperty(RunMetric.VERIFY_PROPERTY_STATUS, property -> code(property.status()));
    perProperty(RunMetric.VERIFY_PROPERTY_COMPARED, Property::compared);
    perProperty(RunMetric.VERIFY_PROPERTY_ANOMALIES, Property::anomalyCount);
  }

  private void perProperty(RunMetric metric, ToLongFunction<Property> value) {
    Family family = begin(metric);
    for (Property property : verdict.properties()) {
      family.sample(value.applyAsLong(property), property.name(), Words.lower(property.section()));
    }
  }

  private void faults() {
    Map<String, List<Long>> byId = new TreeMap<>();
    for (FaultOutcome fault : verdict.faults()) {
      byId.merge(
          fault.id(),
          List.of(1L, fault.proven() ? 1L : 0L),
          (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
    }
    Family injected = begin(RunMetric.CHAOS_FAULTS_INJECTED);
    byId.forEach((id, n) -> injected.sample(n.get(0), id));
    Family proven = begin(RunMetric.CHAOS_EFFECT_PROVEN);
    byId.forEach((id, n) -> proven.sample(n.get(1), id));
    begin(RunMetric.CHAOS_FAULTS_SKIPPED).sample(verdict.skipped().size());
    perFault(RunMetric.RECOVERY_SECONDS, FaultOutcome::phases, Phases.columns(verdict.faults()));
    perFault(
        RunMetric.SILENCE_SECONDS,
        FaultOutcome::silence,
        SilenceColumns.of(verdict.faults()).stream().sorted().toList());
  }

  /// @param columns which of the times of a fault are shown, in their order
  private void perFault(
      RunMetric metric, Function<FaultOutcome, Map<String, Long>> times, List<String> columns) {
    Family family = begin(metric);
    for (int i = 0; i < verdict.faults().size(); i++) {
      FaultOutcome fault = verdict.faults().get(i);
      for (String column : columns) {
        Long millis = times.apply(fault).get(column);
        if (millis != null) {
          family.seconds(
              millis, fault.id(), column, Integer.toString(i + 1), fault.kind(), fault.target());
        }
      }
    }
  }

  private void latency() {
    Family measured = begin(RunMetric.VERIFY_LATENCY_EVENTS);
    for (Latency latency : verdict.latency()) {
      measured.sample(latency.events(), latency.stretch());
    }
    Family seconds = begin(RunMetric.VERIFY_LATENCY_SECONDS);
    for (Latency latency : verdict.latency()) {
      if (latency.events() > 0) {
        seconds.seconds(latency.p50Millis(), latency.stretch(), "p50");
        seconds.seconds(latency.p99Millis(), latency.stretch(), "p99");
        seconds.seconds(latency.maxMillis(), latency.stretch(), "max");
      }
    }
  }

  private void service() {
    if (verdict.service().isEmpty()) {
      return;
    }
    perLevel(
        RunMetric.VERIFY_AVAILABILITY_RATIO,
        (family, level, labels) -> family.ratio(level.availability(), labels));
    perLevel(
        RunMetric.VERIFY_ON_TIME_RATIO,
        (family, level, labels) -> family.ratio(level.punctuality(), labels));
    perLevel(
        RunMetric.VERIFY_EVENTS_WITHOUT_OUTPUT,
        (family, level, labels) -> family.sample(level.missing(), labels));
    perLevel(
        RunMetric.VERIFY_SILENCE_SECONDS,
        (family, level, labels) -> family.seconds(level.longestSilenceMillis(), labels));
    perLevel(RunMetric.VERIFY_SERVICE_LATENCY_SECONDS, OpenMetrics::serviceLatency);
  }

  private interface ServiceSample {
    void write(Family family, ServiceLevel level, String... labels);
  }

  private void perLevel(RunMetric metric, ServiceSample sample) {
    Family family = begin(metric);
    for (ServiceLevel level : verdict.service()) {
      sample.write(family, level, level.topic(), Service.partition(level), level.stretch());
    }
  }

  private static void serviceLatency(Family family, ServiceLevel level, String... labels) {
    if (level.events() > 0) {
      family.seconds(level.p50Millis(), with(labels, "p50"));
      family.seconds(level.p99Millis(), with(labels, "p99"));
      family.seconds(level.p999Millis(), with(labels, "p999"));
      family.seconds(level.maxMillis(), with(labels, "max"));
    }
  }

  private static String[] with(String[] labels, String last) {
    String[] more = Arrays.copyOf(labels, labels.length + 1);
    more[labels.length] = last;
    return more;
  }

  private void situations() {
    if (verdict.situations().isEmpty()) {
      return;
    }
    Family family = begin(RunMetric.VERIFY_SITUATION_MET);
    for (Situation situation : verdict.situations()) {
      family.sample(situation.times(), situation.name());
    }
  }

  private Family begin(RunMetric metric) {
    metrics.family(metric.family(), metric.kind().word(), metric.help());
    return new Family(metric);
  }

  /// The samples of one family, each with a value for every label of its metric.
  private final class Family {

    private final RunMetric metric;

    Family(RunMetric metric) {
      this.metric = metric;
    }

    void sample(long value, String... labels) {
      metrics.sample(metric.exposed(), named(labels), value);
    }

    void seconds(long millis, String... labels) {
      metrics.seconds(metric.exposed(), named(labels), millis);
    }

    void ratio(double value, String... labels) {
      metrics.ratio(metric.exposed(), named(labels), value);
    }

    private Map<String, String> named(String... values) {
      if (values.length != metric.labels().size()) {
        throw new IllegalArgumentException(
            metric + " has the labels " + metric.labels() + ", found " + values.length + " values");
      }
      Map<String, String> labels = new LinkedHashMap<>();
      labels.put(RunMetric.APP, verdict.app());
      for (int i = 0; i < values.length; i++) {
        labels.put(metric.labels().get(i), values[i]);
      }
      return labels;
    }
  }

  private static long code(Status status) {
    return switch (status) {
      case PASS -> 0;
      case FAIL -> 1;
      case UNKNOWN -> 2;
      case VACUOUS -> 3;
      case SKIPPED -> 4;
    };
  }
}
