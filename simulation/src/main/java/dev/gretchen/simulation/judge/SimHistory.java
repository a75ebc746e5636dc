package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.truth.History;
import dev.gretchen.verifier.truth.JoinedLog;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.StoreSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// A simulated run as the verifier's checkers read it.
final class SimHistory implements History {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Map<String, SimLog> logs = new HashMap<>();
  private final List<List<Ack>> acks = new ArrayList<>();
  private final List<OffsetSample> offsets = new ArrayList<>();
  private final List<StoreSnapshot> stores;

  SimHistory(SimulatedRun run, AppDescriptor app) {
    for (TopicLog log : run.logs()) {
      logs.put(log.topic(), SimLog.of(log, app));
    }
    for (List<Ack> partition : run.acks()) {
      List<Ack> sorted = new ArrayList<>(partition);
      sorted.sort(Comparator.comparingLong(Ack::offset));
      acks.add(sorted);
    }
    Map<String, Map<Integer, OffsetSample>> ends = new HashMap<>();
    for (OffsetSample end : run.ends()) {
      ends.computeIfAbsent(end.topic(), _ -> new HashMap<>()).put(end.partition(), end);
    }
    for (CommittedOffset commit : run.commits()) {
      OffsetSample end = ends.getOrDefault(commit.topic(), Map.of()).get(commit.partition());
      offsets.add(
          new OffsetSample(
              millis(commit.nanos()),
              commit.topic(),
              commit.partition(),
              commit.offset(),
              end == null ? commit.offset() : end.end(),
              end == null ? commit.offset() : end.stableEnd(),
              false,
              commit.metadata()));
    }
    offsets.addAll(run.ends());
    stores =
        run.stores().stream()
            .sorted(
                Comparator.comparing(StoreContent::table)
                    .thenComparingInt(StoreContent::partition)
                    .thenComparing(StoreContent::worker))
            .map(SimHistory::snapshot)
            .toList();
  }

  /// Virtual time as the verifier counts time.
  static long millis(long nanos) {
    return nanos / NANOS_PER_MILLI;
  }

  /// What a worker would tell of its store: as many records and the checksum that the contract
  /// says.
  private static StoreSnapshot snapshot(StoreContent store) {
    List<LogRecord> entries = new ArrayList<>(store.entries().size());
    long checksum = 0;
    for (StoreContent.Entry entry : store.entries()) {
      if (entry.key().length > 0 && !ChangelogKey.isReserved(entry.key())) {
        checksum += Mix.recordChecksum(entry.key(), entry.value());
        entries.add(
            new LogRecord(
                store.partition(),
                entries.size(),
                0,
                0,
                entry.key(),
                entry.value(),
                false,
                0,
                null));
      }
    }
    return new StoreSnapshot(
        store.table(),
        store.partition(),
        store.worker(),
        store.role(),
        store.state(),
        entries.size(),
        checksum,
        store.position(),
        entries::iterator);
  }

  @Override
  public SimLog log(String topic) {
    SimLog log = logs.get(topic);
    return log == null ? SimLog.unseen(topic) : log;
  }

  /// The log of all inputs, their partitions counted through.
  PartitionedLog inputs(AppDescriptor app) {
    List<PartitionedLog> inputs = app.inputs().stream().<PartitionedLog>map(this::log).toList();
    return inputs.size() == 1 ? inputs.getFirst() : new JoinedLog(inputs);
  }

  @Override
  public Iterator<Ack> acks(int partition) {
    return partition < acks.size() ? acks.get(partition).iterator() : Collections.emptyIterator();
  }

  @Override
  public Iterator<OffsetSample> offsets() {
    return offsets.iterator();
  }

  @Override
  public List<StoreSnapshot> stores() {
    return stores;
  }
}
