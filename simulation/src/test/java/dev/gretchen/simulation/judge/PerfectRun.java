package dev.gretchen.simulation.judge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gretchen.simulation.judge.SimFault.Nature;
import dev.gretchen.testkit.kafka.Message.HeaderField;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.load.LoadEvent;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.OffsetSample;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a simulated word-colors would leave behind had it made no mistake: two workers that commit
/// in turns, of which w1 is killed half-way and w2 takes over. Tests edit what it left.
final class PerfectRun {

  static final String WORDS = "words";
  static final String COLORS = "colors";
  static final String COUNTS = "color-counts";
  static final String TOTAL = "word-colors-color-total-changelog";
  static final String MINUTE = "word-colors-color-minute-changelog";

  private static final int ROUND = 40;
  private static final long ROUND_NANOS = 100_000_000;

  /// An output or a changelog record on its way.
  @SuppressWarnings("ArrayRecordComponent")
  record Draft(
      String topic,
      int partition,
      long timestamp,
      byte[] key,
      byte[] value,
      @Nullable Long id,
      Source from) {}

  record Source(String topic, int partition, long first, long last) {}

  /// A worker's process, as far as records show it.
  static final class Life {
    final String worker;
    final long producerId;
    long generation = 1;
    long epoch;
    short producerEpoch;

    Life(String worker, long producerId) {
      this.worker = worker;
      this.producerId = producerId;
    }
  }

  final LoadPlan plan;
  final int partitions;
  final Guarantee guarantee;
  final Map<String, List<List<CommittedRecord>>> logs = new LinkedHashMap<>();
  final Map<String, long[]> ends = new HashMap<>();
  final List<List<Ack>> acks = new ArrayList<>();
  final List<CommittedOffset> commits = new ArrayList<>();
  final List<SimFault> faults = new ArrayList<>();
  private final Map<String, long[]> next = new HashMap<>();
  private final Map<ByteBuffer, Tally> tallies = new HashMap<>();
  private final Life w1 = new Life("w1", 1);
  private final Life w2 = new Life("w2", 2);
  private long now;
  private boolean taken;

  Guarantee judgeAs;
  boolean complete = true;
  long storeShift;
  boolean phantomEntry;

  PerfectRun(LoadPlan plan, Guarantee guarantee, boolean killed) {
    this.plan = plan;
    this.guarantee = guarantee;
    this.judgeAs = guarantee;
    this.partitions = plan.shape().partitions();
    for (String topic : List.of(WORDS, COLORS, COUNTS, TOTAL, MINUTE)) {
      List<List<CommittedRecord>> log = new ArrayList<>();
      for (int p = 0; p < partitions; p++) {
        log.add(new ArrayList<>());
      }
      logs.put(topic, log);
      ends.put(topic, new long[partitions]);
      next.put(topic, new long[partitions]);
    }
    for (int p = 0; p < partitions; p++) {
      acks.add(new ArrayList<>());
    }
    for (long i = 0; i < plan.count(); i++) {
      word(plan.event(i));
      if (i % ROUND == ROUND - 1) {
        round();
      }
      if (killed && !taken && i > plan.count() / 2 && i % ROUND == ROUND / 2) {
        kill();
      }
    }
    round();
    round();
  }

  private void word(LoadEvent event) {
    Draft draft =
        new Draft(
            WORDS,
            event.partition(),
            event.timestamp(),
            event.key(),
            event.value(),
            event.id(),
            new Source("", 0, 0, 0));
    CommittedRecord record = append(draft, null, List.of(), false);
    acks.get(event.partition()).add(new Ack(event.index(), Ack.Status.ACKED, record.offset()));
  }

  private void kill() {
    now += ROUND_NANOS;
    faults.add(new SimFault("kill", "w1", now, 0, Nature.CRASH));
    if (guarantee == Guarantee.AT_LEAST_ONCE) {
      // its outputs are out, its transaction is not
      w1.epoch++;
      for (Draft draft : drafts(w1, new ArrayList<>())) {
        if (!isChangelog(draft.topic())) {
          append(draft, w1, List.of(), false);
        }
      }
      tallies.clear();
      refold();
    }
    taken = true;
    w2.generation = 2;
    now += ROUND_NANOS;
  }

  private static boolean isChangelog(String topic) {
    return topic.endsWith("-changelog");
  }

  /// What the successor's stores hold: the fold of the changelogs.
  private void refold() {
    for (String changelog : List.of(TOTAL, MINUTE)) {
      for (List<CommittedRecord> partition : logs(changelog)) {
        for (CommittedRecord record : partition) {
          byte[] key = Objects.requireNonNull(record.key());
          byte[] value = Objects.requireNonNull(record.value());
          tallies.put(ByteBuffer.wrap(key), Objects.requireNonNull(TallyJson.decode(value)));
        }
      }
    }
  }

  /// Each worker that lives does what it can see, and commits.
  private void round() {
    now += ROUND_NANOS;
    if (!taken) {
      commit(w1);
    }
    now += ROUND_NANOS;
    commit(w2);
  }

  private void commit(Life process) {
    List<Source> done = new ArrayList<>();
    process.epoch++;
    process.producerEpoch++;
    List<Draft> drafts = drafts(process, done);
    Map<String, boolean[]> touched = new LinkedHashMap<>();
    for (Draft draft : drafts) {
      boolean inside = guarantee == Guarantee.EXACTLY_ONCE || isChangelog(draft.topic());
      append(draft, process, List.of(), inside);
      if (inside) {
        touched.computeIfAbsent(draft.topic(), _ -> new boolean[partitions])[draft.partition()] =
            true;
      }
    }
    touched.forEach((topic, which) -> {
      for (int p = 0; p < partitions; p++) {
        end(topic)[p] += which[p] ? 1 : 0;
      }
    });
    for (Source part : done) {
      next(part.topic())[part.partition()] = part.last() + 1;
      String metadata = "v1," + process.epoch;
      commits.add(
          new CommittedOffset(part.topic(), part.partition(), part.last() + 1, metadata, now));
    }
  }

  /// What a worker does with what it has not committed yet.
  private List<Draft> drafts(Life process, List<Source> done) {
    List<Draft> drafts = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      if (owner(p) != process) {
        continue;
      }
      filter(p, drafts, done);
      count(p, drafts, done);
    }
    return drafts;
  }

  private Life owner(int partition) {
    return partition % 2 == 0 && !taken ? w1 : w2;
  }

  private void filter(int p, List<Draft> drafts, List<Source> done) {
    long last = -1;
    for (CommittedRecord word : waiting(WORDS, p)) {
      last = word.offset();
      long id = id(word);
      if (plan.isColor(id)) {
        byte[] color = Objects.requireNonNull(word.value());
        int to = Math.floorMod(Arrays.hashCode(color), partitions);
        Source from = new Source(WORDS, p, last, last);
        drafts.add(new Draft(COLORS, to, word.timestamp(), color, color, id, from));
      }
    }
    if (last >= 0) {
      done.add(new Source(WORDS, p, 0, last));
    }
  }

  private void count(int p, List<Draft> drafts, List<Source> done) {
    Map<ByteBuffer, Draft> changes = new LinkedHashMap<>();
    long last = -1;
    for (CommittedRecord color : waiting(COLORS, p)) {
      last = color.offset();
      long id = id(color);
      byte[] key = Objects.requireNonNull(color.key());
      byte[] total = change(changes, TOTAL, p, ChangelogKey.plain(key), id, last);
      long window = Math.floorDiv(color.timestamp(), 60_000L) * 60_000L;
      change(changes, MINUTE, p, ChangelogKey.windowed(window, key), id, last);
      Source from = new Source(COLORS, p, last, last);
      drafts.add(new Draft(COUNTS, p, color.timestamp(), key, total, id, from));
    }
    drafts.addAll(changes.values());
    if (last >= 0) {
      done.add(new Source(COLORS, p, 0, last));
    }
  }

  private byte[] change(
      Map<ByteBuffer, Draft> changes, String topic, int p, byte[] key, long id, long offset) {
    ByteBuffer wrapped = ByteBuffer.wrap(key);
    Tally tally = tallies.merge(wrapped, Tally.NONE.plus(id), (old, _) -> old.plus(id));
    byte[] value = TallyJson.encode(tally);
    Draft before = changes.get(wrapped);
    long first = before == null ? offset : before.from().first();
    Source from = new Source(COLORS, p, first, offset);
    changes.put(wrapped, new Draft(topic, p, now / 1_000_000, key, value, null, from));
    return value;
  }

  private List<CommittedRecord> waiting(String topic, int p) {
    long from = next(topic)[p];
    return logs(topic).get(p).stream().filter(r -> r.offset() >= from).toList();
  }

  private CommittedRecord append(
      Draft draft, @Nullable Life process, List<HeaderField> more, boolean transactional) {
    List<HeaderField> headers = new ArrayList<>(more);
    Long id = draft.id();
    if (id != null) {
      headers.add(new HeaderField("event-id", ByteBuffer.allocate(Long.BYTES).putLong(id).array()));
    }
    if (process != null) {
      Source from = draft.from();
      headers.add(
          new HeaderField(
              "gretchen-lineage",
              new Lineage(
                      from.topic(),
                      from.partition(),
                      from.first(),
                      from.last(),
                      process.worker,
                      process.generation,
                      process.epoch)
                  .encode()));
    }
    CommittedRecord record =
        new CommittedRecord(
            end(draft.topic())[draft.partition()]++,
            draft.timestamp(),
            now,
            draft.key(),
            draft.value(),
            headers,
            process == null ? 9 : process.producerId,
            process == null ? 0 : process.producerEpoch,
            transactional);
    logs(draft.topic()).get(draft.partition()).add(record);
    return record;
  }

  List<List<CommittedRecord>> logs(String topic) {
    return Objects.requireNonNull(logs.get(topic));
  }

  long[] end(String topic) {
    return Objects.requireNonNull(ends.get(topic));
  }

  private long[] next(String topic) {
    return Objects.requireNonNull(next.get(topic));
  }

  /// The partition of a topic that holds most records.
  List<CommittedRecord> busiest(String topic) {
    return logs(topic).get(busy(topic));
  }

  int busy(String topic) {
    int busy = 0;
    for (int p = 1; p < partitions; p++) {
      busy = logs(topic).get(p).size() > logs(topic).get(busy).size() ? p : busy;
    }
    return busy;
  }

  static long id(CommittedRecord record) {
    return ByteBuffer.wrap(Objects.requireNonNull(record.header("event-id"))).getLong();
  }

  static Lineage lineage(CommittedRecord record) {
    return Objects.requireNonNull(Lineage.decode(record.header("gretchen-lineage")));
  }

  static String key(CommittedRecord record) {
    return new String(Objects.requireNonNull(record.key()), UTF_8);
  }

  /// A record with another value and lineage.
  static CommittedRecord with(CommittedRecord r, byte[] value, @Nullable Lineage lineage) {
    List<HeaderField> headers = new ArrayList<>(r.headers());
    if (lineage != null) {
      headers.add(new HeaderField("gretchen-lineage", lineage.encode()));
    }
    return new CommittedRecord(
        r.offset(),
        r.timestamp(),
        r.writtenNanos(),
        r.key(),
        value,
        headers,
        r.producerId(),
        r.producerEpoch(),
        r.transactional());
  }

  /// Appends a copy of a record behind its partition's end.
  CommittedRecord repeat(String topic, int partition, CommittedRecord r, Lineage lineage) {
    CommittedRecord moved =
        new CommittedRecord(
            end(topic)[partition]++,
            r.timestamp(),
            now,
            r.key(),
            r.value(),
            r.headers(),
            r.producerId(),
            r.producerEpoch(),
            r.transactional());
    CommittedRecord copy = with(moved, Objects.requireNonNull(r.value()), lineage);
    logs(topic).get(partition).add(copy);
    return copy;
  }

  SimulatedRun run() {
    List<TopicLog> topics = new ArrayList<>();
    List<OffsetSample> last = new ArrayList<>();
    logs.forEach((topic, log) -> {
      topics.add(
          new TopicLog(topic, List.copyOf(log.stream().map(List::copyOf).toList()), complete));
      for (int p = 0; p < partitions; p++) {
        long end = end(topic)[p];
        last.add(new OffsetSample(now / 1_000_000, topic, p, committed(topic, p), end, end, true));
      }
    });
    List<StoreContent> stores = new ArrayList<>();
    stores(stores, "color-total", TOTAL);
    stores(stores, "color-minute", MINUTE);
    return new SimulatedRun(plan, guarantee, judgeAs, topics, acks, commits, last, stores, faults);
  }

  private long committed(String topic, int partition) {
    long committed = -1;
    for (CommittedOffset commit : commits) {
      if (commit.topic().equals(topic) && commit.partition() == partition) {
        committed = commit.offset();
      }
    }
    return committed;
  }

  private void stores(List<StoreContent> stores, String table, String changelog) {
    for (int p = 0; p < partitions; p++) {
      Map<ByteBuffer, StoreContent.Entry> content = new TreeMap<>();
      long position = 0;
      for (CommittedRecord record : logs(changelog).get(p)) {
        byte[] key = Objects.requireNonNull(record.key());
        byte[] value = Objects.requireNonNull(record.value());
        content.put(ByteBuffer.wrap(key), new StoreContent.Entry(key, value));
        position = record.offset() + 1 + storeShift;
      }
      List<StoreContent.Entry> entries = new ArrayList<>(content.values());
      if (phantomEntry && p == 0) {
        byte[] key = ChangelogKey.plain("mauve".getBytes(UTF_8));
        entries.add(new StoreContent.Entry(key, TallyJson.encode(Tally.NONE.plus(1))));
      }
      stores.add(
          new StoreContent(table, p, owner(p).worker, "active", "running", position, entries));
    }
  }
}
