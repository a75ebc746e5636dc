package dev.gretchen.engine;

import dev.gretchen.engine.internal.join.Side;
import dev.gretchen.engine.internal.topology.AgentSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Joins two tables: each change of either side gives the row as it is then, or says that it is
/// gone.
///
/// @param lefts the left side, last value by key
/// @param rights the right side
record TablesJoin<K, L, R>(
    JoinSides<K, L, R> sides,
    Table<K, L> lefts,
    Table<K, R> rights,
    JoinKind kind,
    JoinHandler<K, L, R> handler)
    implements AgentSpec.Reader {

  @Override
  public AgentSpec.Call read(ConsumerRecord<byte[], byte[]> source) {
    JoinSides.Arrival<K, L, R> arrival = sides.read(source);
    return () -> {
      K key = arrival.key();
      L leftBefore = lefts.get(key).orElse(null);
      R rightBefore = rights.get(key).orElse(null);
      boolean ofLeft = arrival.side() == Side.LEFT;
      if (ofLeft) {
        TableJoin.write(lefts, key, arrival.left());
      } else {
        TableJoin.write(rights, key, arrival.right());
      }
      L left = ofLeft ? arrival.left() : leftBefore;
      R right = ofLeft ? rightBefore : arrival.right();
      if (kind.hasRow(left != null, right != null)) {
        handler.joined(new Joined<>(key, left, right, source.timestamp()));
      } else if (kind.hasRow(leftBefore != null, rightBefore != null)) {
        handler.joined(new Joined<>(key, null, null, source.timestamp()));
      }
    };
  }
}
