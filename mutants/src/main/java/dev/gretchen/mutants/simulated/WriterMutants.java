package dev.gretchen.mutants.simulated;

import dev.gretchen.engine.internal.commit.Epoch;
import dev.gretchen.engine.internal.commit.WriteOutcome;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.task.TaskEpoch;
import dev.gretchen.simulation.Engines;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/// Engines that go wrong where epochs are written.
final class WriterMutants {

  private WriterMutants() {}

  /// What a revocation commits, it commits without its offsets: whoever takes over does it again.
  static Engines revokeForgetsOffsets() {
    Set<String> revoking = new HashSet<>();
    Map<TopicPartition, Long> committed = new HashMap<>();
    return new Engines(
        OtherWriter.of((sound, settings, epoch, metadata) -> {
          List<TaskEpoch> parts = new ArrayList<>();
          for (TaskEpoch part : epoch.parts()) {
            TopicPartition input = part.task().id().input();
            long offset =
                revoking.contains(settings.clientIdPrefix())
                    ? committed.getOrDefault(input, part.nextOffset())
                    : part.nextOffset();
            committed.put(input, offset);
            parts.add(
                new TaskEpoch(part.task(), offset, part.outputs(), part.changes(), part.bytes()));
          }
          return sound.write(new Epoch(epoch.number(), parts), metadata);
        }),
        OtherClients.groupConsumers((_, configuration) ->
            (method, arguments, onwards) -> {
              String client = OtherClients.clientId(configuration);
              if (method.equals("subscribe") && arguments.length == 2) {
                arguments[1] =
                    Interception.before(
                        ConsumerRebalanceListener.class,
                        (ConsumerRebalanceListener) arguments[1],
                        (callback, _, further) -> {
                          boolean revokes = callback.equals("onPartitionsRevoked");
                          if (revokes) {
                            revoking.add(client);
                          }
                          try {
                            return further.call();
                          } finally {
                            revoking.remove(client);
                          }
                        });
              }
              return onwards.call();
            }));
  }

  /// The local store sees an epoch before it is committed; if it is aborted, the store keeps it.
  static Engines storeBeforeCommit() {
    return new Engines(
        OtherWriter.of((sound, _, epoch, metadata) -> {
          for (TaskEpoch part : epoch.parts()) {
            part.changes()
                .forEach((table, changes) -> {
                  var store = part.task().stores().get(table);
                  List<Change> batch = new ArrayList<>();
                  changes.forEach(change -> batch.add(new Change(change.key(), change.value())));
                  if (store != null) {
                    store.apply(part.task().token(), batch, store.position());
                  }
                });
          }
          return sound.write(epoch, metadata);
        }),
        UnaryOperator.identity());
  }

  /// A producer that does not know how its transaction ended, as after a time-out of the
  /// transaction, is the end of the worker.
  static Engines fencedIsFatal() {
    return new Engines(
        OtherWriter.of((sound, _, epoch, metadata) -> {
          WriteOutcome outcome = sound.write(epoch, metadata);
          if (outcome instanceof WriteOutcome.Unknown(String reason)) {
            throw new IllegalStateException("the end of a transaction is unknown: " + reason);
          }
          return outcome;
        }),
        UnaryOperator.identity());
  }

  /// Commits what timers did in a transaction of its own, under metadata of nobody, which the group
  /// accepts without asking who leads.
  @SuppressWarnings("removal") // the clients have no other way to be nobody
  static Engines ticksUnfenced() {
    Set<TaskEpoch> written = Collections.newSetFromMap(new IdentityHashMap<>());
    return new Engines(
        OtherWriter.of((sound, _, epoch, metadata) -> {
          Map<Boolean, List<TaskEpoch>> byTicking =
              epoch.parts().stream()
                  .collect(Collectors.partitioningBy(part -> !part.task().isFetched()));
          List<TaskEpoch> ticks = new ArrayList<>(byTicking.getOrDefault(true, List.of()));
          List<TaskEpoch> others = byTicking.getOrDefault(false, List.of());
          ticks.removeIf(written::contains);
          WriteOutcome outcome = new WriteOutcome.Committed(Map.of());
          if (!ticks.isEmpty()) {
            outcome =
                sound.write(
                    new Epoch(epoch.number(), ticks),
                    new ConsumerGroupMetadata(metadata.groupId()));
            if (outcome instanceof WriteOutcome.Committed) {
              written.addAll(ticks);
            }
          }
          return others.isEmpty() || !(outcome instanceof WriteOutcome.Committed)
              ? outcome
              : sound.write(new Epoch(epoch.number(), others), metadata);
        }),
        UnaryOperator.identity());
  }

  /// Takes an unknown outcome for an abort, and sends the epoch again.
  static Engines unknownIsAborted() {
    return new Engines(
        OtherWriter.of((sound, _, epoch, metadata) -> {
          WriteOutcome outcome = sound.write(epoch, metadata);
          if (outcome instanceof WriteOutcome.Unknown(String reason)) {
            sound.begin();
            return new WriteOutcome.Aborted(reason);
          }
          return outcome;
        }),
        UnaryOperator.identity());
  }
}
