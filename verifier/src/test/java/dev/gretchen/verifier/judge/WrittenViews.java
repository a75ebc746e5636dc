package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.PerfectViews;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.history.AckWriter;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.history.JsonLines;
import dev.gretchen.verifier.history.LogWriter;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.history.StoreLine;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Writes the run directory of an app that gathers page views and keeps windows, through the real
/// writers.
public final class WrittenViews {

  private static final Path DESCRIPTOR = Path.of("../apps/windows/gretchen.yaml");

  private WrittenViews() {}

  /// Writes it below a folder.
  public static RunDirectory write(PerfectViews app, Path runs) {
    RunDirectory run = RunDirectory.create(runs, "windows", Instant.ofEpochSecond(1), 42);
    long loadEnd = PerfectViews.START + app.plan.shape().length().toMillis();
    RunFacts.before("windows", app.plan.shape(), Guarantee.EXACTLY_ONCE, Guarantee.EXACTLY_ONCE)
        .loaded(PerfectViews.START, loadEnd, app.plan.count())
        .ended(true, loadEnd + 500, app.endedAt, List.of())
        .write(run, DESCRIPTOR);
    for (MemoryLog log : app.logs()) {
      for (int p = 0; p < log.partitions(); p++) {
        try (LogWriter writer = new LogWriter(run.log(log.topic(), p))) {
          log.list(p).forEach(writer::append);
        }
      }
    }
    acks(app, run);
    try (var writer = new JsonLines.Writer<FaultLine>(run.faults())) {
      writer.append(
          new FaultLine(
              "P1",
              "kill-owner",
              "w1",
              app.killedAt,
              0,
              true,
              1,
              "pid is gone",
              List.of(),
              List.of(),
              null));
    }
    offsets(app, run);
    try (var writer = new JsonLines.Writer<StoreLine>(run.stores())) {
      app.tables().forEach((table, changelog) -> stores(run, writer, table, changelog));
    }
    return run;
  }

  private static void acks(PerfectViews app, RunDirectory run) {
    try (AckWriter writer = new AckWriter(run, app.partitions * app.inputs.size())) {
      for (int topic = 0; topic < app.inputs.size(); topic++) {
        for (int p = 0; p < app.partitions; p++) {
          for (LogRecord view : app.inputs.get(topic).list(p)) {
            writer.append(
                topic * app.partitions + p,
                new Ack(app.plan.indexOf(view.id()), Ack.Status.ACKED, view.offset()));
          }
        }
      }
    }
  }

  private static void offsets(PerfectViews app, RunDirectory run) {
    List<MemoryLog> sources = new ArrayList<>(app.inputs);
    sources.add(app.pageViews);
    sources.add(app.userViews);
    try (var writer = new JsonLines.Writer<OffsetSample>(run.offsets())) {
      app.offsets.forEach(writer::append);
      for (MemoryLog log : sources) {
        for (int p = 0; p < log.partitions(); p++) {
          long end = log.list(p).isEmpty() ? 0 : log.list(p).getLast().offset() + 1;
          long logEnd = Math.max(end, log.end(p));
          writer.append(
              new OffsetSample(app.endedAt - 1, log.topic(), p, end, logEnd, logEnd, false));
          writer.append(new OffsetSample(app.endedAt, log.topic(), p, end, logEnd, logEnd, true));
        }
      }
    }
  }

  private static void stores(
      RunDirectory run, JsonLines.Writer<StoreLine> writer, String table, MemoryLog changelog) {
    for (int p = 0; p < changelog.partitions(); p++) {
      Map<ByteBuffer, byte[]> content = new LinkedHashMap<>();
      long position = 0;
      for (LogRecord record : changelog.list(p)) {
        byte[] key = Objects.requireNonNull(record.key());
        byte[] value = record.value();
        if (ChangelogKey.isReserved(key)) {
          continue;
        }
        position = record.offset() + 1;
        if (value == null) {
          content.remove(ByteBuffer.wrap(key));
        } else {
          content.put(ByteBuffer.wrap(key), value);
        }
      }
      long checksum = 0;
      try (LogWriter entries = new LogWriter(run.storeEntries(table, p, "w2"))) {
        long n = 0;
        for (var entry : content.entrySet()) {
          byte[] key = entry.getKey().array();
          checksum += Mix.recordChecksum(key, entry.getValue());
          entries.append(new LogRecord(p, n++, 0, 0, key, entry.getValue(), false, 0, null));
        }
      }
      writer.append(
          new StoreLine(
              3,
              table,
              p,
              "w2",
              "active",
              "running",
              content.size(),
              Hex16.of(checksum),
              position));
    }
  }
}
