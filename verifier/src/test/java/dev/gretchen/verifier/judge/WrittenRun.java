package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.PerfectApp;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.history.AckWriter;
import dev.gretchen.verifier.history.ExitLine;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.history.JsonLines;
import dev.gretchen.verifier.history.LogWriter;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.history.StoreLine;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.StableSample;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// Writes a run directory, through the real writers, for an app that a test may have edited.
public final class WrittenRun {

  private static final Path DESCRIPTOR = Path.of("../apps/word-colors/gretchen.yaml");

  private static final long SAMPLES_EVERY_MILLIS = 2_000;

  private static final AtomicInteger RUNS = new AtomicInteger();

  private final PerfectApp app;
  private PerfectApp acked;
  private final Map<Long, Ack.Status> statuses = new HashMap<>();
  private List<FaultLine> faults;
  private List<ExitLine> exits = List.of();
  private UnaryOperator<RunFacts> facts = same -> same;
  private long positionShift;
  private boolean dropEntry;
  private int ownerless = -1;
  private long commitShift;
  private String unobserved = "";

  public WrittenRun(PerfectApp app) {
    this.app = app;
    this.acked = app;
    this.faults =
        List.of(
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

  public static UnaryOperator<RunFacts> judgedAs(Guarantee guarantee) {
    return f ->
        new RunFacts(
            f.schema(),
            f.app(),
            f.seed(),
            f.rate(),
            f.lengthMillis(),
            f.partitions(),
            f.palette(),
            f.skew(),
            f.guarantee(),
            guarantee.word(),
            f.loadStart(),
            f.loadEnd(),
            f.sent(),
            f.barrier(),
            f.drainedAt(),
            f.endedAt(),
            f.harnessErrors(),
            f.command(),
            f.commit());
  }

  public void acksFrom(PerfectApp other) {
    acked = other;
  }

  public void unknown(long id) {
    statuses.put(id, Ack.Status.UNKNOWN);
  }

  public void failed(long id) {
    statuses.put(id, Ack.Status.FAILED);
  }

  public void faults(List<FaultLine> lines) {
    faults = lines;
  }

  public void exits(List<ExitLine> lines) {
    exits = lines;
  }

  public void facts(UnaryOperator<RunFacts> change) {
    facts = change;
  }

  public void storePosition(long shift) {
    positionShift = shift;
  }

  public WrittenRun dropStoreEntry() {
    dropEntry = true;
    return this;
  }

  public WrittenRun withoutStoreOf(int partition) {
    ownerless = partition;
    return this;
  }

  public WrittenRun lastCommitted(long shift) {
    commitShift = shift;
    return this;
  }

  public void without(String topic) {
    unobserved = topic;
  }

  public RunDirectory write(Path runs) {
    RunDirectory run =
        RunDirectory.create(runs, "word-colors", Instant.ofEpochSecond(RUNS.incrementAndGet()), 42);
    RunFacts before =
        RunFacts.before(
            "word-colors", app.plan.shape(), Guarantee.EXACTLY_ONCE, Guarantee.EXACTLY_ONCE);
    long loadEnd = PerfectApp.START + app.plan.shape().length().toMillis();
    RunFacts after =
        before
            .loaded(PerfectApp.START, loadEnd, app.plan.count())
            .ended(true, loadEnd + 500, app.endedAt, List.of());
    facts.apply(after).write(run, DESCRIPTOR);
    for (MemoryLog log :
        List.of(app.words, app.colors, app.counts, app.total, app.minute, app.audit)) {
      if (!log.topic().equals(unobserved)) {
        log(run, log);
      }
    }
    acks(run);
    try (var writer = new JsonLines.Writer<FaultLine>(run.faults())) {
      faults.forEach(writer::append);
    }
    try (var writer = new JsonLines.Writer<ExitLine>(run.exits())) {
      exits.forEach(writer::append);
    }
    try (var writer = new JsonLines.Writer<OffsetSample>(run.offsets())) {
      app.offsets.forEach(writer::append);
      offsets(writer, app.words);
      offsets(writer, app.colors);
    }
    try (var writer = new JsonLines.Writer<StableSample>(run.transactions())) {
      int partitions = 5 * app.partitions;
      for (long at = PerfectApp.START; at < loadEnd; at += SAMPLES_EVERY_MILLIS) {
        writer.append(new StableSample(at, partitions, false, List.of()));
      }
      writer.append(new StableSample(app.endedAt, partitions, true, List.of()));
    }
    try (var writer = new JsonLines.Writer<StoreLine>(run.stores())) {
      stores(run, writer, "color-total", app.total);
      stores(run, writer, "color-minute", app.minute);
    }
    return run;
  }

  private static void log(RunDirectory run, MemoryLog log) {
    for (int p = 0; p < log.partitions(); p++) {
      try (LogWriter writer = new LogWriter(run.log(log.topic(), p))) {
        log.list(p).forEach(writer::append);
      }
    }
  }

  private void acks(RunDirectory run) {
    try (AckWriter writer = new AckWriter(run, app.partitions)) {
      for (int p = 0; p < app.partitions; p++) {
        for (LogRecord word : acked.words.list(p)) {
          Ack.Status status = statuses.getOrDefault(word.id(), Ack.Status.ACKED);
          long offset = status == Ack.Status.ACKED ? word.offset() : -1;
          writer.append(p, new Ack(app.plan.indexOf(word.id()), status, offset));
        }
      }
    }
  }

  private void offsets(JsonLines.Writer<OffsetSample> writer, MemoryLog log) {
    for (int p = 0; p < log.partitions(); p++) {
      long end = log.list(p).isEmpty() ? 0 : log.list(p).getLast().offset() + 1;
      long logEnd = Math.max(end, log.end(p));
      String topic = log.topic();
      long committed = Math.min(logEnd, Math.max(0, end + commitShift));
      writer.append(new OffsetSample(app.endedAt - 1, topic, p, end, logEnd, logEnd, false));
      writer.append(new OffsetSample(app.endedAt, topic, p, committed, logEnd, logEnd, true));
    }
  }

  private void stores(
      RunDirectory run, JsonLines.Writer<StoreLine> writer, String table, MemoryLog changelog) {
    for (int p = 0; p < changelog.partitions(); p++) {
      Map<ByteBuffer, byte[]> content = new LinkedHashMap<>();
      long position = 0;
      for (LogRecord record : changelog.list(p)) {
        position = record.offset() + 1;
        byte[] value = Objects.requireNonNull(record.value());
        content.put(ByteBuffer.wrap(Objects.requireNonNull(record.key())), value);
      }
      if (p == ownerless) {
        continue;
      }
      long checksum = 0;
      for (var entry : content.entrySet()) {
        checksum += Mix.recordChecksum(entry.getKey().array(), entry.getValue());
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
              position + positionShift));
      try (LogWriter entries = new LogWriter(run.storeEntries(table, p, "w2"))) {
        long n = 0;
        boolean drop = dropEntry && p == 0;
        for (var entry : content.entrySet()) {
          if (drop) {
            drop = false;
            continue;
          }
          byte[] key = entry.getKey().array();
          entries.append(new LogRecord(p, n++, 0, 0, key, entry.getValue(), false, 0, null));
        }
      }
    }
  }
}
