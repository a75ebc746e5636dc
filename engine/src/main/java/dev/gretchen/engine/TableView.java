package dev.gretchen.engine;

import dev.gretchen.engine.internal.route.Asked;
import dev.gretchen.engine.internal.route.Routed;
import dev.gretchen.engine.internal.route.TableAnswer;
import dev.gretchen.engine.internal.route.TableQuery;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.worker.Engine;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;

/// Reads the committed state of a table, outside handlers, from any thread. It sees what is
/// committed and in the local store, hence nothing of an event whose commit is under way.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class TableView<K, V> {

  private final Engine engine;
  private final String table;
  private final Codec<K> keys;
  private final Codec<V> values;

  TableView(Engine engine, String table, Codec<K> keys, Codec<V> values) {
    this.engine = engine;
    this.table = table;
    this.keys = keys;
    this.values = values;
  }

  /// The value of a key; empty if there is none, or if another worker holds its partition: see
  /// [#isHeld], or [#ask], which goes to that worker.
  public Optional<V> get(K key) {
    byte[] encoded = keys.encode(key);
    StorePartition held = engine.held(table, home(encoded));
    return held == null
        ? Optional.empty()
        : Optional.ofNullable(held.get(StoreKeys.plain(encoded).bytes())).map(values::decode);
  }

  /// Whether this worker holds the key's partition.
  public boolean isHeld(K key) {
    return engine.held(table, home(keys.encode(key))) != null;
  }

  /// Has a key answered by whoever can, this worker or another: the owner, or, if that one cannot
  /// be had, a standby, which says how far behind it may be. Waits for other workers, a few seconds
  /// at the most.
  ///
  /// @throws NobodyAnswers with a sentence that says who was asked, and what they said
  public TableValue<V> ask(K key) {
    return switch (engine
        .router()
        .ask(new TableQuery(table, keys.encode(key), null), Asked.ANYBODY)) {
      case Routed.Answered(TableAnswer answer) ->
          new TableValue<>(
              Optional.ofNullable(answer.value()).map(values::decode),
              answer.worker(),
              answer.role() == TableAnswer.Role.OWNER,
              answer.position(),
              answer.behindRecords(),
              Optional.ofNullable(answer.behindMillis()).map(Duration::ofMillis));
      case Routed.Nobody(String why, _) -> throw new NobodyAnswers(table, why);
      case Routed.Unknown(String why) -> throw new NobodyAnswers(table, why);
      case Routed.Unfit(String why) -> throw new NobodyAnswers(table, why);
    };
  }

  private int home(byte[] key) {
    return Utils.toPositive(Utils.murmur2(key)) % engine.partitionsOf(table);
  }
}
