package dev.gretchen.testkit.disk;

import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Load;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.store.StoreUnavailable;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A store in steps of the scheduler: others may come between what a caller knew and what it
/// writes, each write is in the trace, some fill a memory buffer, which is flushed then, and a
/// killed process writes no more.
final class SteppedStore implements Store {

  /// One write in so many fills a buffer.
  private static final int WRITES_PER_FLUSH = 12;

  /// Longer loads gather so many changes before they are applied.
  private static final int GATHERED = 24;

  private final Scheduler scheduler;
  private final SimProcess process;
  private final Store inner;
  private final Consumer<String> flushOne;
  private final Consumer<Disk.Wipe> wiped;
  private final Runnable closed;
  private final Map<String, Partition> partitions = new LinkedHashMap<>();
  private boolean isClosed;

  /// @param inner what is stepped
  /// @param flushOne flushes the partition of a name, or all
  /// @param closed called when it was closed in order
  SteppedStore(
      Scheduler scheduler,
      SimProcess process,
      Store inner,
      Consumer<String> flushOne,
      Consumer<Disk.Wipe> wiped,
      Runnable closed) {
    this.scheduler = scheduler;
    this.process = process;
    this.inner = inner;
    this.flushOne = flushOne;
    this.wiped = wiped;
    this.closed = closed;
  }

  @Override
  public StorePartition partition(String table, int partition) {
    return partitions.computeIfAbsent(
        table + "-" + partition, name -> new Partition(name, inner.partition(table, partition)));
  }

  @Override
  public List<Name> held() {
    requireOpen();
    return inner.held();
  }

  @Override
  public boolean drop(Name name) {
    scheduler.pause();
    requireOpen();
    partitions.remove(name.toString());
    return inner.drop(name);
  }

  @Override
  public void flush() {
    scheduler.pause();
    requireOpen();
    inner.flush();
  }

  @Override
  public void close() {
    if (!isClosed && !process.isKilled()) {
      inner.close();
      closed.run();
    }
    isClosed = true;
  }

  private void requireOpen() {
    scheduler.requireAlive();
    if (isClosed || process.isKilled()) {
      throw new StoreUnavailable(
          "local store: the worker has stopped", new IllegalStateException());
    }
  }

  private final class Partition implements StorePartition {

    private final String name;
    private final StorePartition stored;

    Partition(String name, StorePartition stored) {
      this.name = name;
      this.stored = stored;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
      requireOpen();
      return stored.get(key);
    }

    @Override
    public Position position() {
      requireOpen();
      return stored.position();
    }

    @Override
    public void claim(long claim) {
      requireOpen();
      stored.claim(claim);
    }

    @Override
    public boolean apply(long claim, List<Change> changes, Position reached) {
      scheduler.pause();
      requireOpen();
      long before = stored.position().next();
      if (!stored.apply(claim, changes, reached)) {
        return false;
      }
      written(before, reached.next(), changes.size());
      return true;
    }

    private void written(long before, long reached, long changes) {
      if (reached < before) {
        wiped.accept(new Disk.Wipe(name, before));
      }
      scheduler.note(process, name, reached, changes);
      if (scheduler.random().nextInt(WRITES_PER_FLUSH) == 0) {
        flushOne.accept(name);
      }
    }

    @Override
    public Load load(long claim, long records) {
      requireOpen();
      return new SteppedLoad(stored.load(claim, records), records < 2 * GATHERED ? 0 : GATHERED);
    }

    /// Others may come while it gathers.
    private final class SteppedLoad implements Load {

      private final Load load;
      private final int gathered;
      private long taken;

      SteppedLoad(Load load, int gathered) {
        this.load = load;
        this.gathered = gathered;
      }

      @Override
      public void add(byte[] key, byte @Nullable [] value) {
        load.add(key, value);
        taken++;
      }

      @Override
      public boolean isFull() {
        return load.isFull();
      }

      @Override
      public boolean isDue() {
        return load.isDue() && taken >= gathered;
      }

      @Override
      public boolean apply(Position reached) {
        scheduler.pause();
        requireOpen();
        long before = stored.position().next();
        long changes = taken;
        taken = 0;
        if (!load.apply(reached)) {
          return false;
        }
        written(before, reached.next(), changes);
        return true;
      }

      @Override
      public void close() {
        load.close();
      }
    }

    @Override
    public void touch(long claim, long caughtUpAtMillis) {
      requireOpen();
      stored.touch(claim, caughtUpAtMillis);
    }

    @Override
    public void wipe(long claim) {
      scheduler.pause();
      requireOpen();
      Position before = stored.position();
      stored.wipe(claim);
      if (!before.equals(Position.NOTHING) && stored.position().equals(Position.NOTHING)) {
        scheduler.note(process, "wiped " + name, before.next(), 0);
        wiped.accept(new Disk.Wipe(name, before.next()));
      }
    }

    @Override
    public List<byte[]> keys(byte[] from, Predicate<byte[]> whileTrue, int limit) {
      requireOpen();
      return stored.keys(from, whileTrue, limit);
    }

    @Override
    public Snapshot snapshot() {
      return stored.snapshot();
    }
  }
}
