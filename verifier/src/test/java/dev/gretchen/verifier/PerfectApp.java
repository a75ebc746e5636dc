package dev.gretchen.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.load.LoadEvent;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What word-colors would have written had it processed a load without a mistake, with two workers
/// of which the first is killed half-way. A weight other than 1 makes it count an event that often.
public final class PerfectApp {

  public static final long START = 1_700_000_000_000L;
  private static final int COMMIT_EVERY = 40;

  @SuppressWarnings("ArrayRecordComponent")
  private record Update(int partition, byte[] key, Tally tally, byte[] lineage) {}

  public final LoadPlan plan;
  public final int partitions;
  public final MemoryLog words;
  public final MemoryLog colors;
  public final MemoryLog counts;
  public final MemoryLog total;
  public final MemoryLog minute;
  public final MemoryLog audit;
  public final long killedAt;
  public final long endedAt;

  /// The group's offsets, as each tenth commit left them.
  public final List<OffsetSample> offsets = new ArrayList<>();

  private final Map<ByteBuffer, Tally> tallies = new HashMap<>();
  private final Map<ByteBuffer, Update> dirty = new LinkedHashMap<>();

  private long epoch;
  private long batchAt;

  public PerfectApp(LoadPlan plan) {
    this(plan, Map.of());
  }

  public PerfectApp(LoadPlan plan, Map<Long, Integer> weights) {
    this.plan = plan;
    this.partitions = plan.shape().partitions();
    this.words = new MemoryLog("words", partitions);
    this.colors = new MemoryLog("colors", partitions);
    this.counts = new MemoryLog("color-counts", partitions);
    this.total = new MemoryLog("word-colors-color-total-changelog", partitions);
    this.minute = new MemoryLog("word-colors-color-minute-changelog", partitions);
    this.audit = new MemoryLog("word-colors-audit", 1);
    this.killedAt = START + (long) plan.dueMillis(plan.count() / 2);
    this.endedAt = START + (long) plan.dueMillis(plan.count()) + 1_000;
    for (int p = 0; p < partitions; p++) {
      String first = p % 2 == 0 ? "w1" : "w2";
      audit(START - 500, first, "assigned", p, 1);
      audit(START - 300, first, "running", p, 1);
      if (p % 2 == 0) {
        audit(killedAt + 100, "w2", "assigned", p, 2);
        audit(killedAt + 200, "w2", "running", p, 2);
      }
    }
    audit(killedAt + 50, "w1", "started", -1, -1);
    for (long i = 0; i < plan.count(); i++) {
      process(plan.event(i), weights.getOrDefault(i, 1));
      if (i % COMMIT_EVERY == COMMIT_EVERY - 1 || i == plan.count() - 1) {
        commit(seenAt(i));
      }
    }
  }

  public long seenAt(long index) {
    return START + (long) plan.dueMillis(index) + 20;
  }

  private void process(LoadEvent event, int weight) {
    long at = seenAt(event.index());
    LogRecord word =
        words.append(
            event.partition(), at, event.timestamp(), event.key(), event.value(), event.id(), null);
    if (!plan.isColor(event.id())) {
      return;
    }
    byte[] color = event.value();
    int to = Math.floorMod(Arrays.hashCode(color), partitions);
    LogRecord output =
        colors.append(to, at, event.timestamp(), color, color, event.id(), lineage("words", word));
    for (int n = 0; n < weight; n++) {
      byte[] lineage = lineage("colors", output);
      Tally tally = count(to, ChangelogKey.plain(color), event.id(), lineage);
      counts.append(to, at, event.timestamp(), color, TallyJson.encode(tally), event.id(), lineage);
      long window = Math.floorDiv(event.timestamp(), 60_000L) * 60_000L;
      count(to, ChangelogKey.windowed(window, color), event.id(), lineage);
    }
  }

  private Tally count(int partition, byte[] key, long id, byte[] lineage) {
    Tally tally =
        tallies.merge(ByteBuffer.wrap(key), Tally.NONE.plus(id), (old, _) -> old.plus(id));
    dirty.put(ByteBuffer.wrap(key), new Update(partition, key, tally, lineage));
    return tally;
  }

  private void commit(long at) {
    for (Update update : dirty.values()) {
      MemoryLog changelog = update.key()[0] == ChangelogKey.PLAIN ? total : minute;
      byte[] value = TallyJson.encode(update.tally());
      changelog.append(update.partition(), at, at, update.key(), value, null, update.lineage());
    }
    dirty.clear();
    if (epoch % 10 == 0) {
      for (MemoryLog source : List.of(words, colors)) {
        for (int p = 0; p < partitions; p++) {
          List<LogRecord> records = source.list(p);
          long end = records.isEmpty() ? 0 : records.getLast().offset() + 1;
          offsets.add(new OffsetSample(at, source.topic(), p, end, end, end, false));
        }
      }
    }
    epoch++;
    batchAt = at;
    for (int p = 0; p < partitions; p++) {
      colors.control(p);
      counts.control(p);
      total.control(p);
      minute.control(p);
    }
  }

  private byte[] lineage(String topic, LogRecord source) {
    int p = source.partition();
    boolean before = batchAt < killedAt;
    String worker = before && p % 2 == 0 ? "w1" : "w2";
    long offset = source.offset();
    return new Lineage(topic, p, offset, offset, worker, before ? 1 : 2, epoch).encode();
  }

  private void audit(long at, String worker, String event, int partition, long generation) {
    String json =
        "{\"at\":%d,\"worker\":\"%s\",\"incarnation\":\"i\",\"event\":\"%s\",\"topic\":\"words\",\"partition\":%d,\"generation\":%d}"
            .formatted(at, worker, event, partition, generation);
    audit.append(0, at, at, worker.getBytes(UTF_8), json.getBytes(UTF_8), null, null);
  }
}
