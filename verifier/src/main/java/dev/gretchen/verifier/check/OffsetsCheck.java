package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AppliedOffsets;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `offsets`: the group's committed offsets never go back, and reach the end of the committed log.
///
/// A committed offset is a position: behind the last record it may stand at that record + 1 or
/// anywhere up to the log's end, because a transaction's control records lie there too.
///
/// Where its metadata says that events beyond it are applied, a later offset must call these
/// applied too: else somebody would apply them again (`taken-back`). Whether what is called applied
/// has left its effects, the checks of streams and tables show. Kinds also: `went-back`, `behind`,
/// `beyond`, `unreadable`.
public final class OffsetsCheck {

  private OffsetsCheck() {}

  /// Judges the offsets of one topic.
  ///
  /// @param samples of all topics in the order in which they were taken
  public static Property check(PartitionedLog log, Iterator<OffsetSample> samples) {
    String name = "offsets:" + log.topic();
    Findings findings = new Findings();
    long[] committed = new long[log.partitions()];
    long[] ends = new long[log.partitions()];
    @Nullable AppliedOffsets[] applied = new @Nullable AppliedOffsets[log.partitions()];
    Arrays.fill(committed, -1);
    boolean last = false;
    while (samples.hasNext()) {
      OffsetSample sample = samples.next();
      int p = sample.partition();
      if (!sample.topic().equals(log.topic()) || p >= committed.length) {
        continue;
      }
      last |= sample.last();
      findings.compared();
      if (sample.committed() < committed[p]) {
        String from = log.topic() + "-" + p + " went back from " + committed[p];
        add(findings, "went-back", from + " to " + sample.committed(), sample.at());
      }
      applied[p] = apply(findings, applied[p], sample);
      committed[p] = sample.committed();
      ends[p] = sample.end();
    }
    if (!last && findings.count() == 0) {
      return Property.unknown(
          name, Section.SAFETY, 0, "No committed offset was read when all was quiet.");
    }
    for (int p = 0; p < committed.length; p++) {
      long end = endOfData(log, p);
      String where = log.topic() + "-" + p + " is " + committed[p];
      if (committed[p] < end && end > 0) {
        add(findings, "behind", where + ", the log holds records up to " + (end - 1), 0);
      } else if (committed[p] > ends[p]) {
        add(findings, "beyond", where + ", behind the log's end " + ends[p], 0);
      }
    }
    return findings.property(
        name,
        Section.SAFETY,
        "The committed offsets of " + log.topic() + " never went back and reached its end.");
  }

  private static @Nullable AppliedOffsets apply(
      Findings findings, @Nullable AppliedOffsets before, OffsetSample sample) {
    if (sample.committed() < 0) {
      return before;
    }
    String where = sample.topic() + "-" + sample.partition() + " at " + sample.committed();
    AppliedOffsets now;
    try {
      now = AppliedOffsets.of(sample.committed(), sample.metadata());
    } catch (IllegalArgumentException malformed) {
      add(findings, "unreadable", where + ": " + malformed.getMessage(), sample.at());
      return before;
    }
    long taken = before == null || now.offset() < before.offset() ? -1 : now.lacks(before);
    if (taken >= 0) {
      String what = where + " calls " + taken + " not applied, which an earlier one called applied";
      add(findings, "taken-back", what, sample.at());
    }
    return now;
  }

  private static void add(Findings findings, String kind, String what, long at) {
    findings.add(() -> new Anomaly(kind, "The group's offset of " + what + ".", List.of(), at));
  }

  private static long endOfData(PartitionedLog log, int partition) {
    long end = 0;
    for (Iterator<LogRecord> records = log.records(partition); records.hasNext(); ) {
      end = records.next().offset() + 1;
    }
    return end;
  }
}
