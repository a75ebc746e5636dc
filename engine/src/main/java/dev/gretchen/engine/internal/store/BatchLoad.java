package dev.gretchen.engine.internal.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A load in batches, as a commit writes them: due as soon as it holds anything.
final class BatchLoad implements Load {

  private final StorePartition partition;
  private final long claim;
  private List<Change> changes = new ArrayList<>();

  BatchLoad(StorePartition partition, long claim) {
    this.partition = partition;
    this.claim = claim;
  }

  @Override
  public void add(byte[] key, byte @Nullable [] value) {
    changes.add(new Change(new ByteKey(key), value));
  }

  @Override
  public boolean isFull() {
    return false;
  }

  @Override
  public boolean isDue() {
    return !changes.isEmpty();
  }

  @Override
  public boolean apply(Position position) {
    List<Change> batch = changes;
    changes = new ArrayList<>();
    return partition.apply(claim, batch, position);
  }

  @Override
  public void close() {
    changes = List.of();
  }
}
