package dev.gretchen.bench.kernels;

import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.store.MemoryStore;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.task.Budget;
import dev.gretchen.engine.internal.task.Cell;
import dev.gretchen.engine.internal.task.CellBound;
import dev.gretchen.engine.internal.task.CurrentEvent;
import dev.gretchen.engine.internal.task.Mailbox;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskContext;
import dev.gretchen.engine.internal.task.TaskEpoch;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.topology.Topology;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The path of an event through a task without Kafka and without codecs: mailbox, handler's scope,
/// read and write of the overlay, staging, the position in the input, and a seal for each batch. An
/// operation is one event.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TaskBenchmark {

  private static final int BATCH = 1_000;
  private static final String INPUT = "in";
  private static final String TABLE = "table";

  @Param({"3", "1000", "30000"})
  private int keys;

  private final SplittableRandom random = new SplittableRandom(1);
  private final Budget budget = new Budget(Long.MAX_VALUE, () -> {}, () -> {});
  private @Nullable Task task;
  private List<List<ConsumerRecord<byte[], byte[]>>> batches = List.of();
  private int next;

  /// Makes a task and some batches, which are offered again and again.
  @Setup
  public void begin() {
    List<byte[]> raw = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      byte[] key = ("c" + i).getBytes(StandardCharsets.UTF_8);
      raw.add(key);
    }
    AgentSpec agent =
        new AgentSpec(
            "count",
            INPUT,
            List.of(TABLE),
            FailurePolicy.standard(),
            record -> () -> count(record));
    TableSpec table = TableSpec.plain(TABLE);
    StorePartition store = new MemoryStore().partition(TABLE, 0);
    TaskContext context =
        new TaskContext(
            Topology.of("bench", List.of(agent), List.of(table), List.of(INPUT)),
            new DirectSurroundings(),
            budget,
            new Meters(),
            new Mailbox.Bounds(Integer.MAX_VALUE, Long.MAX_VALUE),
            () -> {},
            new CellBound(1 << 30),
            1 << 20,
            (_, _) -> null,
            failure -> {
              throw new IllegalStateException(failure);
            });
    Task made = new Task(new TaskId(INPUT, 0), 1, context, 1, Map.of(TABLE, store));
    if (!made.begin(0)) {
      throw new IllegalStateException("a new task can always begin");
    }
    task = made;
    batches = new ArrayList<>();
    for (int batch = 0; batch < 100; batch++) {
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        records.add(record((long) batch * BATCH + i, raw.get(random.nextInt(keys))));
      }
      batches.add(records);
    }
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public @Nullable TaskEpoch eventsOfABatch() {
    Task running = Objects.requireNonNull(task);
    List<ConsumerRecord<byte[], byte[]>> batch = batches.get(next++ % batches.size());
    running.offer(batch, batch.getLast().offset() + 1);
    TaskEpoch sealed = running.seal();
    if (sealed == null) {
      throw new IllegalStateException("nothing was handled");
    }
    running.applied();
    budget.release(sealed.bytes());
    return sealed;
  }

  /// Adds one to a key's number, as bytes.
  private void count(ConsumerRecord<byte[], byte[]> record) {
    var partition = CurrentEvent.required("benchmark").table(TABLE);
    partition.requireOwn(record.key());
    Cell cell = partition.at(record.key());
    byte[] value = partition.read(cell, Codecs.bytes());
    long number = value == null ? 0 : ByteBuffer.wrap(value).getLong();
    partition.write(
        cell, ByteBuffer.allocate(Long.BYTES).putLong(number + 1).array(), Codecs.bytes());
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, byte[] key) {
    return new ConsumerRecord<>(
        INPUT,
        0,
        offset,
        offset,
        TimestampType.CREATE_TIME,
        key.length,
        key.length,
        key,
        key,
        new RecordHeaders(),
        Optional.empty());
  }
}
