package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Latency;
import dev.gretchen.verifier.verdict.Timeline.Series;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/// How fast a run went: rates and lag per second, and latency from the moment at which an event was
/// due to the observation of its output, before, during and after the faults.
public final class Pace {

  /// How long after the last fault latency still counts as disturbed.
  public static final long SETTLING_MILLIS = 15_000;

  private static final long LATENCY_MAX_MILLIS = 24L * 60 * 60 * 1000;

  private final Witness witness;
  private final long start;
  private final long[] input;
  private final long[] offered;
  private final long[] output;
  private final List<Histogram> latency = new ArrayList<>();
  private final Stretches stretches;

  private Pace(Witness witness, long start, long end) {
    this.witness = witness;
    this.start = start;
    int seconds = (int) Math.max(1, (end - start + 999) / 1000);
    this.input = new long[seconds];
    this.offered = new long[seconds];
    this.output = new long[seconds];
    Stretches.NAMES.forEach(_ -> latency.add(new Histogram(LATENCY_MAX_MILLIS, 2)));
    this.stretches = Stretches.of(witness.faults());
  }

  /// What was measured.
  ///
  /// @param usualMillis the latency of an output that is not later than usual
  public record Result(List<Series> series, List<Latency> latency, long usualMillis) {}

  /// Measures a run.
  ///
  /// @param accepted which records of the input lead to an output
  /// @param stream the app's last stream
  /// @param start epoch milliseconds at which event 0 was due
  /// @param end epoch milliseconds of the last observation
  public static Result measure(
      Witness witness,
      PartitionedLog inputLog,
      Predicate<LogRecord> accepted,
      PartitionedLog stream,
      long start,
      long end) {
    Pace pace = new Pace(witness, start, end);
    for (int p = 0; p < inputLog.partitions(); p++) {
      for (Iterator<LogRecord> records = inputLog.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        if (record.hasId()) {
          count(pace.input, pace.second(record.observedAt()));
          if (accepted.test(record)) {
            count(pace.offered, pace.second(record.observedAt()));
          }
        }
      }
    }
    for (int p = 0; p < stream.partitions(); p++) {
      for (Iterator<LogRecord> records = stream.records(p); records.hasNext(); ) {
        pace.output(records.next());
      }
    }
    return pace.result();
  }

  private void output(LogRecord record) {
    if (!record.hasId() || witness.plan().indexOf(record.id()) < 0) {
      return;
    }
    count(output, second(record.observedAt()));
    long due = start + witness.due(record.id());
    long millis = Math.clamp(record.observedAt() - due, 0, LATENCY_MAX_MILLIS);
    latency.get(stretches.at(due)).recordValue(millis);
  }

  private Result result() {
    List<Long> lag = new ArrayList<>();
    long ahead = 0;
    for (int second = 0; second < input.length; second++) {
      ahead += offered[second] - output[second];
      lag.add(Math.max(0, ahead));
    }
    List<Latency> parts = new ArrayList<>();
    for (int i = 0; i < Stretches.NAMES.size(); i++) {
      Histogram histogram = latency.get(i);
      if (histogram.getTotalCount() > 0) {
        parts.add(
            new Latency(
                Stretches.NAMES.get(i),
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(99),
                histogram.getMaxValue()));
      }
    }
    long usual = Math.max(1000, 2 * latency.getFirst().getValueAtPercentile(99));
    return new Result(
        List.of(
            new Series("input", boxed(input)),
            new Series("output", boxed(output)),
            new Series("lag", lag)),
        parts,
        usual);
  }

  private int second(long atMillis) {
    return Math.clamp((atMillis - start) / 1000, 0, input.length - 1);
  }

  private static void count(long[] series, int second) {
    series[second]++;
  }

  private static List<Long> boxed(long[] values) {
    List<Long> boxed = new ArrayList<>(values.length);
    for (long value : values) {
      boxed.add(value);
    }
    return boxed;
  }
}
