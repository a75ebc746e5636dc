package dev.gretchen.engine.internal.fakes;

import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.internal.lane.Stragglers;
import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.MemoryStore;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.Budget;
import dev.gretchen.engine.internal.task.CellBound;
import dev.gretchen.engine.internal.task.CurrentEvent;
import dev.gretchen.engine.internal.task.Mailbox;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskContext;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.task.TaskParts;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.LaneSpec;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// A small app under a task, without the typed surface: topic `in`, output topic `out`, whatever
/// tables and agents a test gives it.
public final class TestApp {

  public static final String INPUT = "in";
  public static final String OUTPUT = "out";
  public static final TaskId TASK = new TaskId(INPUT, 0);

  /// A handler as the test writes it.
  @FunctionalInterface
  public interface Handler {
    void handle(ConsumerRecord<byte[], byte[]> event, CurrentEvent effects) throws Exception;
  }

  private final List<AgentSpec> agents = new ArrayList<>();
  private final List<TableSpec> tables = new ArrayList<>();
  private final List<Throwable> fatal = new ArrayList<>();
  private final MemoryStore store = new MemoryStore();
  private final Meters meters = new Meters();
  private final Surroundings surroundings;
  private @Nullable Budget budget;
  private TaskContext.Poisoned poisoned = (_, _) -> null;
  private Mailbox.Bounds mailbox = new Mailbox.Bounds(1_000_000, 1 << 30);
  private Runnable room = () -> {};
  private CellBound cells = new CellBound(1 << 30);
  private final Stragglers stragglers = new Stragglers();
  private LaneSpec laneSpec = LaneSpec.SEQUENTIAL;
  private int recordBytesMax = 1 << 20;
  private int partitions = 1;
  private long tokens;

  public TestApp(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  public TestApp table(TableSpec table) {
    tables.add(table);
    return this;
  }

  public TestApp agent(Handler handler) {
    return agent(new FailurePolicy.DeadLetter(0, Duration.ZERO), handler);
  }

  public TestApp agent(FailurePolicy policy, Handler handler) {
    return agent(policy, source -> () -> handler.handle(source, CurrentEvent.required("test")));
  }

  public TestApp agent(FailurePolicy policy, AgentSpec.Reader reader) {
    agents.add(
        new AgentSpec(
            "agent" + agents.size(),
            INPUT,
            tables.stream().map(TableSpec::name).toList(),
            policy,
            laneSpec,
            reader));
    return this;
  }

  /// How many events the agents declared from now on take at a time.
  public TestApp concurrency(int events) {
    return lanes(new LaneSpec(events, null, null));
  }

  public TestApp lanes(LaneSpec chosen) {
    laneSpec = chosen;
    return this;
  }

  public TestApp budget(Budget chosen) {
    budget = chosen;
    return this;
  }

  /// @param told when a full task has room again
  public TestApp mailbox(Mailbox.Bounds bounds, Runnable told) {
    mailbox = bounds;
    room = told;
    return this;
  }

  public TestApp cells(CellBound chosen) {
    cells = chosen;
    return this;
  }

  public TestApp poisoned(TaskContext.Poisoned chosen) {
    poisoned = chosen;
    return this;
  }

  /// How many partitions the input topic has, where keys are to have a home.
  public TestApp partitions(int count) {
    partitions = count;
    return this;
  }

  public TestApp recordBytesMax(int bytes) {
    recordBytesMax = bytes;
    return this;
  }

  /// Makes incarnations newer than somebody else's.
  public TestApp tokensAfter(long token) {
    tokens = token;
    return this;
  }

  public Topology topology() {
    return Topology.of("app", agents, tables, List.of(INPUT, OUTPUT));
  }

  public Meters meters() {
    return meters;
  }

  public MemoryStore store() {
    return store;
  }

  /// What the engine was told must stop the worker.
  public List<Throwable> fatal() {
    return fatal;
  }

  /// The next incarnation of partition 0, without a claim on its stores, not begun.
  public Task task() {
    return task(0);
  }

  public Task task(int partition) {
    Map<String, StorePartition> stores = new HashMap<>();
    tables.forEach(table -> stores.put(table.name(), store.partition(table.name(), partition)));
    return task(partition, stores);
  }

  public Task task(int partition, Map<String, StorePartition> stores) {
    Budget bound = budget;
    if (bound == null) {
      bound = new Budget(Long.MAX_VALUE, () -> {}, () -> {});
      budget = bound;
    }
    TaskContext context =
        new TaskContext(
            topology(),
            surroundings,
            bound,
            meters,
            mailbox,
            room,
            cells,
            recordBytesMax,
            poisoned,
            TaskParts.standard(),
            stragglers,
            fatal::add);
    return new Task(new TaskId(INPUT, partition), ++tokens, context, partitions, stores);
  }

  /// The next incarnation of partition 0, with a claim on its stores, at an offset.
  public Task begun(long offset) {
    return begun(0, offset);
  }

  public Task begun(int partition, long offset) {
    return begun(partition, Progress.at(offset));
  }

  public Task begun(int partition, Progress progress) {
    Task task = task(partition);
    task.stores().values().forEach(held -> held.claim(task.token()));
    if (!task.begin(progress)) {
      throw new IllegalStateException("a new task can always begin");
    }
    return task;
  }

  public static ConsumerRecord<byte[], byte[]> record(long offset, String key, String value) {
    return record(offset, offset, key, value);
  }

  public static ConsumerRecord<byte[], byte[]> record(
      long offset, long timestamp, String key, @Nullable String value) {
    return record(0, offset, timestamp, key, value, new RecordHeaders());
  }

  @SuppressWarnings("NullAway") // a consumer record may well have no value
  public static ConsumerRecord<byte[], byte[]> record(
      int partition,
      long offset,
      long timestamp,
      String key,
      @Nullable String value,
      Headers headers) {
    return new ConsumerRecord<>(
        INPUT,
        partition,
        offset,
        timestamp,
        TimestampType.CREATE_TIME,
        key.length(),
        value == null ? 0 : value.length(),
        bytes(key),
        value == null ? null : bytes(value),
        headers,
        Optional.empty());
  }

  /// Records with contiguous offsets; each value is also the key.
  public static List<ConsumerRecord<byte[], byte[]>> records(long firstOffset, String... values) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Stream.of(values)
        .forEach(value -> records.add(record(firstOffset + records.size(), value, value)));
    return records;
  }

  public static ByteKey key(String text) {
    return StoreKeys.plain(bytes(text));
  }

  /// What the group knows of a member.
  @SuppressWarnings("removal") // the clients themselves have no other way to make one
  public static ConsumerGroupMetadata member(int generation) {
    return new ConsumerGroupMetadata("app", generation, "member", Optional.empty());
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static String text(byte @Nullable [] bytes) {
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }
}
