package dev.gretchen.verifier.gate;

import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.ServiceLevel;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// What is compared between runs of today and runs of a baseline; smaller is better for each.
public enum Measure {
  /// Median latency of the slowest stream, milliseconds.
  LATENCY_P50("latency-p50", "ms") {
    @Override
    OptionalDouble of(RecordedRun run) {
      return streams(run).mapToDouble(ServiceLevel::p50Millis).max();
    }
  },
  /// 99th percentile of the slowest stream's latency, milliseconds.
  LATENCY_P99("latency-p99", "ms") {
    @Override
    OptionalDouble of(RecordedRun run) {
      return streams(run).mapToDouble(ServiceLevel::p99Millis).max();
    }
  },
  /// Median silence beyond the usual one after the run's faults, milliseconds.
  UNAVAILABILITY("unavailability", "ms") {
    @Override
    OptionalDouble of(RecordedRun run) {
      return median(run.faults().stream().flatMapToDouble(each -> Cost.silence(each).stream()));
    }
  },
  /// Median time from the run's faults to the first output of what was hit, milliseconds.
  RECOVERY("recovery", "ms") {
    @Override
    OptionalDouble of(RecordedRun run) {
      return median(run.faults().stream().flatMapToDouble(each -> Cost.recovery(each).stream()));
    }
  },
  /// CPU time of all workers for each event of the load, microseconds; of runs without faults: a
  /// worker that starts again costs seconds, by which no build can be told from another.
  CPU_PER_EVENT("cpu-per-event", "µs") {
    @Override
    OptionalDouble of(RecordedRun run) {
      long nanos = run.entry().figures().cpuNanosPerEvent();
      return nanos < 0 || !run.faults().isEmpty()
          ? OptionalDouble.empty()
          : OptionalDouble.of(nanos / NANOS_PER_MICRO);
    }
  },
  /// Seconds of a hundred in which the least available stream was not up.
  DOWN("down", "%") {
    @Override
    OptionalDouble of(RecordedRun run) {
      double up = run.entry().availability();
      return up == RunEntry.NOT_MEASURED
          ? OptionalDouble.empty()
          : OptionalDouble.of((1 - up) * PERCENT);
    }
  };

  private static final double PERCENT = 100;
  private static final double NANOS_PER_MICRO = 1_000;

  private final String word;
  private final String unit;

  Measure(String word, String unit) {
    this.word = word;
    this.unit = unit;
  }

  String word() {
    return word;
  }

  String unit() {
    return unit;
  }

  /// Of a run; empty where there was nothing to measure.
  abstract OptionalDouble of(RecordedRun run);

  private static Stream<ServiceLevel> streams(RecordedRun run) {
    return run.verdict().stream()
        .flatMap(verdict -> verdict.service().stream())
        .filter(level -> level.stretch().equals(ServiceLevel.WHOLE))
        .filter(level -> level.partition() == ServiceLevel.ALL && level.events() > 0);
  }

  private static OptionalDouble median(DoubleStream values) {
    double[] all = values.toArray();
    return all.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(Spread.median(all));
  }

  /// What a fault cost, where it was measured.
  static final class Cost {

    private Cost() {}

    /// Of what its victim held, beyond the usual silence.
    static OptionalDouble silence(FaultOutcome fault) {
      Long owned = fault.silence().get("owned");
      Long usual = fault.silence().get("usual");
      return owned == null || usual == null
          ? OptionalDouble.empty()
          : OptionalDouble.of(Math.max(0, owned - usual));
    }

    static OptionalDouble recovery(FaultOutcome fault) {
      Long first = fault.phases().get("firstOutput");
      return first == null ? OptionalDouble.empty() : OptionalDouble.of(first);
    }
  }
}
