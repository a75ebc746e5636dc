package dev.gretchen.mutants.simulated;

import dev.gretchen.engine.internal.commit.Epoch;
import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.task.StagedChange;
import dev.gretchen.engine.internal.task.TaskEpoch;
import dev.gretchen.simulation.Engines;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Engines that go wrong with windows, sessions, keys that expire and timers. Each shows with the
/// app windows alone.
final class WindowMutants {

  private static final String PAGE_VIEWS = "page-views";

  /// Of one of these its windows begin at a multiple.
  private static final long HOP_MILLIS = 2_000;

  private static final long TUMBLE_MILLIS = 5_000;

  private WindowMutants() {}

  /// What lies at the very beginning of a window is counted in the one before.
  static Engines boundaryOffByOne() {
    return new Engines(
        UnaryOperator.identity(),
        OtherClients.groupConsumers((_, _) ->
            (_, _, onwards) ->
                read(
                    onwards.call(),
                    records -> records.stream().map(WindowMutants::atItsBeginning).toList())));
  }

  private static ConsumerRecord<byte[], byte[]> atItsBeginning(
      ConsumerRecord<byte[], byte[]> record) {
    long time = record.timestamp();
    return record.topic().equals(PAGE_VIEWS)
            && (time % HOP_MILLIS == 0 || time % TUMBLE_MILLIS == 0)
        ? new ConsumerRecord<>(
            record.topic(),
            record.partition(),
            record.offset(),
            time - 1,
            record.timestampType(),
            record.serializedKeySize(),
            record.serializedValueSize(),
            record.key(),
            record.value(),
            record.headers(),
            record.leaderEpoch())
        : record;
  }

  /// Where stream time stands is not recovered: an event that is too late restarts a window that
  /// had closed.
  static Engines streamTimeForgotten() {
    return forgotten(StoreKeys.STREAM_TIME);
  }

  /// Which windows have closed is not recovered: whoever takes over closes them again.
  static Engines closedUpToForgotten() {
    return forgotten(StoreKeys.CLOSED_UP_TO);
  }

  /// What the engine keeps under a key of its own does not reach the store.
  private static Engines forgotten(ByteKey key) {
    return new Engines(
        OtherStore.of(inner ->
            new OtherStore.Partition(inner) {
              @Override
              public boolean apply(long claim, List<Change> changes, Position position) {
                return super.apply(
                    claim,
                    changes.stream().filter(change -> !change.key().equals(key)).toList(),
                    position);
              }
            }),
        UnaryOperator.identity());
  }

  /// Which sessions a key has is not read back from the store: its next event begins another one
  /// beside them.
  static Engines sessionsNotMerged() {
    byte[] prefix = StoreKeys.sessions(new byte[0]).bytes();
    return new Engines(
        OtherStore.of(inner ->
            new OtherStore.Partition(inner) {
              @Override
              public byte @Nullable [] get(byte[] key) {
                return key.length >= prefix.length && key[0] == prefix[0] && key[1] == prefix[1]
                    ? null
                    : super.get(key);
              }
            }),
        UnaryOperator.identity());
  }

  /// What has expired is not deleted in the changelog.
  static Engines tombstonesUnwritten() {
    return parts(part -> {
      Map<String, List<StagedChange>> written = new HashMap<>();
      part.changes()
          .forEach((table, changes) ->
              written.put(
                  table,
                  changes.stream()
                      .filter(change ->
                          change.value() != null || !StoreKeys.isData(change.key().bytes()))
                      .toList()));
      return new TaskEpoch(part.task(), part.progress(), part.outputs(), written, part.bytes());
    });
  }

  /// The moment that fired last counts as one that has yet to come: whoever leads next fires it
  /// again.
  static Engines momentFiresAgain() {
    return parts(part ->
        part.task().isFetched() || part.outputs().isEmpty()
            ? part
            : new TaskEpoch(
                part.task(),
                Progress.at(part.progress().offset() - 1),
                part.outputs(),
                part.changes(),
                part.bytes()));
  }

  private static Engines parts(UnaryOperator<TaskEpoch> wrong) {
    return new Engines(
        OtherWriter.of((sound, _, epoch, metadata) ->
            sound.write(
                new Epoch(epoch.number(), epoch.parts().stream().map(wrong).toList()), metadata)),
        UnaryOperator.identity());
  }

  /// Standbys do not hear of what was deleted.
  static Engines expiryForgottenByStandbys() {
    return new Engines(
        UnaryOperator.identity(),
        OtherClients.standbyConsumers((_, _) ->
            (_, _, onwards) ->
                read(
                    onwards.call(),
                    records ->
                        records.stream().filter(record -> record.value() != null).toList())));
  }

  /// What a consumer's method has returned, with other records where it returned some.
  @SuppressWarnings("unchecked") // clients here have bytes throughout
  private static @Nullable Object read(
      @Nullable Object result, UnaryOperator<List<ConsumerRecord<byte[], byte[]>>> others) {
    if (!(result instanceof ConsumerRecords<?, ?>)) {
      return result;
    }
    ConsumerRecords<byte[], byte[]> fetched = (ConsumerRecords<byte[], byte[]>) result;
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
    for (TopicPartition partition : fetched.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> read = others.apply(fetched.records(partition));
      if (!read.isEmpty()) {
        records.put(partition, read);
      }
    }
    return new ConsumerRecords<>(records, fetched.nextOffsets());
  }
}
