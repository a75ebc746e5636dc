package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.Codec;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.KeyRange;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A table partition as a close handler sees it that runs beside events: it is none of its
/// business, because an event of some lane may be changing any key at this moment.
record RefusedTable(String name) implements EventTable {

  private IllegalStateException refusal() {
    return new IllegalStateException(
        "table "
            + name
            + ": a close handler touches no table where events are handled beside one another, or in batches; send what it has to say to a topic,"
            + " and touch the table in that topic's agent, or handle one event at a time with concurrency(1) and without Take");
  }

  @Override
  public void requireOwn(byte[] key) {
    throw refusal();
  }

  @Override
  public Cell at(byte[] key) {
    throw refusal();
  }

  @Override
  public Cell at(long windowStart, byte[] key) {
    throw refusal();
  }

  @Override
  public Cell at(ByteKey key) {
    throw refusal();
  }

  @Override
  public <V> @Nullable V read(Cell cell, Codec<V> codec) {
    throw refusal();
  }

  @Override
  public <V> void write(Cell cell, @Nullable V value, Codec<V> codec) {
    throw refusal();
  }

  @Override
  public <V> List<Found<V>> scan(
      KeyRange range, int limit, Codec<V> codec, Predicate<? super V> counts) {
    throw refusal();
  }

  @Override
  public void requireWhole() {
    throw refusal();
  }

  @Override
  public void discardWritten() {
    // nothing was
  }
}
