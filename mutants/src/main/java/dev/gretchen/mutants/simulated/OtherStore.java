package dev.gretchen.mutants.simulated;

import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.worker.EngineParts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A store whose partitions are not what they seem.
final class OtherStore implements Store {

  private final Store inner;
  private final Function<StorePartition, StorePartition> partitions;
  private final Map<String, StorePartition> made = new HashMap<>();

  private OtherStore(Store inner, Function<StorePartition, StorePartition> partitions) {
    this.inner = inner;
    this.partitions = partitions;
  }

  static UnaryOperator<EngineParts> of(Function<StorePartition, StorePartition> partitions) {
    return parts ->
        parts.withStore(settings -> new OtherStore(parts.store().open(settings), partitions));
  }

  @Override
  public StorePartition partition(String table, int partition) {
    return made.computeIfAbsent(
        table + "-" + partition, _ -> partitions.apply(inner.partition(table, partition)));
  }

  @Override
  public List<Name> held() {
    return inner.held();
  }

  @Override
  public boolean drop(Name name) {
    made.remove(name.toString());
    return inner.drop(name);
  }

  @Override
  public void flush() {
    inner.flush();
  }

  @Override
  public void close() {
    inner.close();
  }

  /// A partition that does what the true one does, unless a mutant says otherwise.
  static class Partition implements StorePartition {
    private final StorePartition inner;

    Partition(StorePartition inner) {
      this.inner = inner;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
      return inner.get(key);
    }

    @Override
    public Position position() {
      return inner.position();
    }

    @Override
    public void claim(long claim) {
      inner.claim(claim);
    }

    @Override
    public boolean apply(long claim, List<Change> changes, Position position) {
      return inner.apply(claim, changes, position);
    }

    @Override
    public void touch(long claim, long caughtUpAtMillis) {
      inner.touch(claim, caughtUpAtMillis);
    }

    @Override
    public void wipe(long claim) {
      inner.wipe(claim);
    }

    @Override
    public List<byte[]> keys(byte[] from, Predicate<byte[]> whileTrue, int limit) {
      return inner.keys(from, whileTrue, limit);
    }

    @Override
    public Snapshot snapshot() {
      return inner.snapshot();
    }
  }
}
