package dev.gretchen.mutants.simulated;

import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.simulation.Engines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/// Engines that go wrong where tables are brought back.
final class RecoveryMutants {

  private static final List<String> CHANGELOGS =
      List.of("word-colors-color-total-changelog", "word-colors-color-minute-changelog");

  private static final ListOffsetsOptions AS_COMMITTED_READERS_SEE_IT =
      new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);

  private RecoveryMutants() {}

  /// A recovery has ended before it has begun.
  static Engines notBegun() {
    return new Engines(
        parts -> parts.withRecoveryEnd((start, _) -> start), UnaryOperator.identity());
  }

  /// The end of the changelog is taken from the last stable offset, which lags behind what is
  /// committed.
  static Engines endOfStableLog() {
    return new Engines(
        UnaryOperator.identity(),
        OtherClients.admins((_, _) ->
            (method, arguments, onwards) -> {
              if (method.equals("listOffsets") && arguments.length == 2) {
                arguments[1] = AS_COMMITTED_READERS_SEE_IT;
              }
              return onwards.call();
            }));
  }

  /// The end of the changelog, as committed readers see it, is taken before the input's offset is
  /// stable. (The high watermark would do even then: whoever has its offsets accepted has sent all
  /// its records.)
  static Engines endBeforeStableFetch() {
    return new Engines(
        UnaryOperator.identity(),
        OtherClients.admins((admin, _) -> {
          Map<TopicPartition, ListOffsetsResultInfo> early = new HashMap<>();
          return (method, arguments, onwards) ->
              switch (method) {
                case "listConsumerGroupOffsets" -> {
                  takeEnds(admin, arguments, early);
                  yield onwards.call();
                }
                case "listOffsets" ->
                    withEarlyEnds(arguments, (ListOffsetsResult) onwards.call(), early);
                default -> onwards.call();
              };
        }));
  }

  private static void takeEnds(
      Admin admin, Object[] arguments, Map<TopicPartition, ListOffsetsResultInfo> early)
      throws Exception {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    for (Object spec : ((Map<?, ?>) arguments[0]).values()) {
      for (TopicPartition input : ((ListConsumerGroupOffsetsSpec) spec).topicPartitions()) {
        for (String changelog : CHANGELOGS) {
          TopicPartition partition = new TopicPartition(changelog, input.partition());
          if (input.topic().equals("colors") && !early.containsKey(partition)) {
            asked.put(partition, OffsetSpec.latest());
          }
        }
      }
    }
    try {
      early.putAll(admin.listOffsets(asked, AS_COMMITTED_READERS_SEE_IT).all().get());
    } catch (ExecutionException notNow) {
      // then the ends that come after it are taken, as they should be
      early.keySet().removeAll(asked.keySet());
    }
  }

  private static @Nullable Object withEarlyEnds(
      Object[] arguments, ListOffsetsResult now, Map<TopicPartition, ListOffsetsResultInfo> early) {
    Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> answer = new HashMap<>();
    ((Map<?, ?>) arguments[0])
        .forEach((asked, spec) -> {
          TopicPartition partition = (TopicPartition) asked;
          ListOffsetsResultInfo before =
              spec instanceof OffsetSpec.LatestSpec ? early.remove(partition) : null;
          answer.put(
              partition,
              before == null
                  ? now.partitionResult(partition)
                  : KafkaFuture.completedFuture(before));
        });
    return new ListOffsetsResult(answer);
  }

  /// While a table is brought back, its store is said to stand where the recovery will end.
  static Engines positionAtEnd() {
    return new Engines(
        parts -> {
          Ends ends = new Ends();
          return OtherStore.of(ends::watch)
              .apply(
                  parts.withRecoveryEnd((start, end) -> {
                    ends.lastAsked(end);
                    return parts.recoveryEnd().of(start, end);
                  }));
        },
        UnaryOperator.identity());
  }

  /// Which store's recovery ends where: its position is asked for right before its end is.
  private static final class Ends {
    private @Nullable Watched last;

    StorePartition watch(StorePartition inner) {
      return new Watched(inner);
    }

    void lastAsked(long end) {
      if (last != null) {
        last.end = end;
      }
    }

    private final class Watched extends OtherStore.Partition {
      private long end;

      Watched(StorePartition inner) {
        super(inner);
      }

      @Override
      public Position position() {
        last = this;
        return super.position();
      }

      @Override
      public boolean apply(long claim, List<Change> changes, Position position) {
        return super.apply(
            claim,
            changes,
            new Position(
                position.topicId(), Math.max(position.next(), end), position.caughtUpAt()));
      }
    }
  }

  /// Deletions do not reach the store.
  static Engines deletedKeysComeBack() {
    return new Engines(
        OtherStore.of(inner ->
            new OtherStore.Partition(inner) {
              @Override
              public boolean apply(long claim, List<Change> changes, Position position) {
                List<Change> kept = new ArrayList<>(changes);
                kept.removeIf(change -> change.value() == null);
                return super.apply(claim, kept, position);
              }
            }),
        UnaryOperator.identity());
  }

  /// Whatever a store has, a restart finds reason to throw it away.
  static Engines needlessWipe() {
    return new Engines(
        OtherStore.of(inner ->
            new OtherStore.Partition(inner) {
              private int claims;
              private boolean asked;

              @Override
              public void claim(long claim) {
                super.claim(claim);
                claims++;
              }

              @Override
              public Position position() {
                Position actual = super.position();
                // what is reported to the group is the truth; what a recovery goes by is not
                if (asked || claims == 0 || actual.equals(Position.NOTHING)) {
                  return actual;
                }
                asked = true;
                return new Position(Uuid.ZERO_UUID, actual.next(), actual.caughtUpAt());
              }
            }),
        UnaryOperator.identity());
  }
}
