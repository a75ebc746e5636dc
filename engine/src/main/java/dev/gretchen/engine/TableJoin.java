package dev.gretchen.engine;

import dev.gretchen.engine.internal.join.Side;
import dev.gretchen.engine.internal.topology.AgentSpec;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Joins a stream with a table: each event of the stream meets the row that its key has then, by
/// the order of the topic between.
///
/// @param rows the right side, last value by key
record TableJoin<K, L, R>(
    JoinSides<K, L, R> sides, Table<K, R> rows, JoinKind kind, JoinHandler<K, L, R> handler)
    implements AgentSpec.Reader {

  @Override
  public AgentSpec.Call read(ConsumerRecord<byte[], byte[]> source) {
    JoinSides.Arrival<K, L, R> arrival = sides.read(source);
    return () -> {
      if (arrival.side() == Side.RIGHT) {
        write(rows, arrival.key(), arrival.right());
        return;
      }
      Optional<R> row = rows.get(arrival.key());
      if (kind.hasRow(true, row.isPresent())) {
        handler.joined(
            new Joined<>(arrival.key(), arrival.left(), row.orElse(null), source.timestamp()));
      }
    };
  }

  static <K, V> void write(Table<K, V> table, K key, @Nullable V value) {
    if (value == null) {
      table.remove(key);
    } else {
      table.put(key, value);
    }
  }
}
