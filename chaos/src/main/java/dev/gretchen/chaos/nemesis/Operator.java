package dev.gretchen.chaos.nemesis;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/// Somebody who may do with topics what an administrator may, or any client that writes to them.
/// Called from the nemesis's thread.
public interface Operator {

  /// The topic that takes the load.
  String input();

  /// The topics that hold the app's tables.
  Collection<String> changelogs();

  /// Gives all partitions of the app, of consumer groups and of transactions another leader.
  ///
  /// @return how many have another one now
  int moveLeaders() throws InterruptedException;

  /// Waits until all replicas of all partitions of the app, of consumer groups and of transactions
  /// are in sync.
  ///
  /// @return whether they are, in time
  boolean awaitInSync(Duration timeout) throws InterruptedException;

  /// Sets configs of some topics until it is closed, which puts back what was there.
  Tuned tune(Collection<String> topics, Map<String, String> configs) throws InterruptedException;

  /// Configs in force.
  interface Tuned extends AutoCloseable {
    @Override
    void close();
  }

  /// The end of every partition of some topics, for committed readers.
  Map<TopicPartition, Long> ends(Collection<String> topics) throws InterruptedException;

  /// What the app's group has committed, empty where it has nothing.
  Optional<Committed> committed(TopicPartition partition) throws InterruptedException;

  /// A committed offset.
  ///
  /// @param ahead whether events beyond it are applied already, as its metadata says
  record Committed(long offset, boolean ahead) {}

  /// Sets the offset of the app's group by hand, as soon as the group has no member any more.
  void setCommitted(TopicPartition partition, long offset) throws InterruptedException;

  /// Deletes all records of a partition that lie before an offset, as retention does.
  void deleteBefore(TopicPartition partition, long offset) throws InterruptedException;

  /// The offset of the first record of every partition that has one.
  Map<TopicPartition, Long> firstRecords(Collection<String> topics) throws InterruptedException;

  /// Gives a topic more partitions.
  ///
  /// @return how many more it has now, as brokers tell
  int addPartitions(String topic, int more) throws InterruptedException;

  /// Writes to all partitions of a topic in transactions, and aborts each.
  ///
  /// @return how many records nobody may see
  int writeAndAbort(String topic, int transactions) throws InterruptedException;

  /// Writes to some partitions in a transaction that stays open until it is closed, which aborts
  /// it.
  Hanging hang(Collection<TopicPartition> partitions) throws InterruptedException;

  /// An open transaction.
  interface Hanging extends AutoCloseable {
    @Override
    void close();
  }

  /// Writes records that nobody expects to all partitions of a topic: without key, value or text,
  /// large, with many headers, and of the time 0, so that no stream's time moves. None has an id of
  /// the load's.
  ///
  /// @return how many
  int writeStrange(String topic, int rounds) throws InterruptedException;
}
