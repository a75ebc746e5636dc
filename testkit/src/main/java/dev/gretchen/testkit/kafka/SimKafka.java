package dev.gretchen.testkit.kafka;

import dev.gretchen.testkit.sim.Scheduler;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/// A Kafka in memory: topics, transactions and groups, in virtual time.
///
/// **What it stands for:** a cluster of Kafka 4.3 with `transaction.version` 2 in which every write
/// is replicated before it is acknowledged, so that no broker's death loses one; what a client sees
/// of a broker that dies is a request that fails or a reply that is lost, which the [Network] does.
/// What a script can tell from a real cluster is a fault of this class: the conformance suite runs
/// the same scripts on both.
///
/// Used on the scheduler's own turn, or between its runs.
public final class SimKafka implements SimBrokers {

  private final Scheduler scheduler;
  private final LongSupplier wallMillis;
  private final Topics topics;
  private final Fetches fetches;
  private final Groups groups;
  private final Transactions transactions;

  /// @param wallMillis the brokers' clock
  /// @param markerNanos how long each marker of a transaction's end is on its way
  public SimKafka(Scheduler scheduler, LongSupplier wallMillis, LongSupplier markerNanos) {
    this.scheduler = scheduler;
    this.wallMillis = wallMillis;
    this.topics = new Topics(scheduler);
    this.fetches = new Fetches(scheduler, topics);
    this.groups = new Groups(scheduler, topics);
    this.transactions =
        new Transactions(
            scheduler,
            new MarkerWriter(scheduler, topics, groups, fetches),
            markerNanos::getAsLong);
  }

  // what clients ask

  @Override
  public <R extends Reply> void handle(Request<R> request, Consumer<R> respond) {
    switch (request) {
      case Request.JoinGroup join -> groups.group(join.group()).join(join, cast(respond));
      case Request.SyncGroup sync -> groups.group(sync.member().group()).sync(sync, cast(respond));
      case Request.Fetch fetch -> fetches.fetch(fetch, cast(respond));
      default -> respond.accept(answer(request));
    }
  }

  @SuppressWarnings("unchecked") // each request names the type of its own reply
  private static <R extends Reply, S extends Reply> Consumer<S> cast(Consumer<R> respond) {
    return (Consumer<S>) respond;
  }

  @SuppressWarnings("unchecked") // as above
  private <R extends Reply> R answer(Request<R> request) {
    return (R)
        switch (request) {
          case Request.Metadata metadata -> topics.describe(metadata.topics());
          case Request.CreateTopic create -> topics.create(create);
          case Request.DeleteTopic delete -> delete(delete.topic());
          case Request.DeleteRecords delete -> topics.deleteRecords(delete);
          case Request.ListOffsets list -> topics.list(list);
          case Request.InitProducerId init -> transactions.init(init);
          case Request.Produce produce -> append(produce);
          case Request.TxnOffsetCommit commit -> groups.stage(commit, transactions);
          case Request.EndTxn end -> transactions.end(end);
          case Request.Heartbeat(Request.Member member) ->
              new Reply.Status(groups.heartbeat(member));
          case Request.LeaveGroup(String group, List<Request.Member> members) ->
              new Reply.Status(groups.group(group).leave(members));
          case Request.OffsetCommit commit -> groups.commit(commit);
          case Request.OffsetFetch(
                  String group,
                  Set<TopicPartition> partitions,
                  boolean requireStable) ->
              groups.offsets(group).fetch(partitions, requireStable);
          case Request.DescribeGroup(String group) -> groups.describe(group);
          case Request.DescribeTransaction(String id) -> transactions.describe(id);
          case Request.JoinGroup _, Request.SyncGroup _, Request.Fetch _ ->
              throw new IllegalArgumentException(request.api() + " is answered later");
        };
  }

  @Override
  public <R extends Reply> R refusal(Request<R> request, Errors error) {
    return Refusal.of(request, error);
  }

  private Reply.Status delete(String topic) {
    Reply.Status status = topics.delete(topic);
    groups.forget(topic);
    return status;
  }

  private Reply.Produced append(Request.Produce request) {
    Topic topic = topics.find(request.partition().topic());
    Log log = topics.log(request.partition());
    if (topic == null || log == null) {
      return new Reply.Produced(Errors.UNKNOWN_TOPIC_OR_PARTITION, -1);
    }
    String transactionalId = request.transactionalId();
    if (transactionalId != null) {
      Errors refused =
          transactions.join(
              transactionalId, request.producerId(), request.epoch(), request.partition());
      if (refused != Errors.NONE) {
        return new Reply.Produced(refused, -1);
      }
    }
    // after it has joined the transaction, whose end then is marked in a partition without records
    Reply.Produced invalid = topic.refusal(request.messages(), wallMillis.getAsLong());
    if (invalid != null) {
      return invalid;
    }
    Reply.Produced produced =
        log.append(
            request.producerId(),
            request.epoch(),
            transactionalId != null,
            request.baseSequence(),
            request.messages(),
            scheduler.now());
    fetches.look();
    return produced;
  }

  // what is done to it, outside of all protocol

  /// From now on a fetch is answered with so many records at most: brokers may always give less
  /// than what was asked for.
  public void limitFetches(int records) {
    fetches.limit(records);
  }

  /// Makes a topic.
  public void create(String topic, int partitions, Map<String, String> configuration) {
    topics.create(new Request.CreateTopic(topic, partitions, configuration));
  }

  /// Runs compaction over a topic.
  ///
  /// @param untouched how many of each partition's newest offsets are left alone
  public void compact(String topic, long untouched) {
    Topic found = topics.find(topic);
    if (found != null && found.isCompacted()) {
      found.compact(untouched, scheduler.now());
      scheduler.note(scheduler.world(), "compacted", topic.hashCode(), 0);
    }
  }

  /// Deletes the beginning of a partition, as retention does.
  public void truncate(TopicPartition partition, long before) {
    Log log = topics.log(partition);
    if (log != null) {
      log.deleteBefore(before);
    }
  }

  // what onlookers ask: tests and judges; a partition that does not exist is an empty one to them

  /// The topics that exist, by name.
  public Map<String, Reply.Topic> topics() {
    return topics.describe(Set.of()).topics();
  }

  /// What readers of committed records can see of a partition now, up to its last stable offset.
  public List<StoredRecord> committed(TopicPartition partition) {
    return committed(partition, 0);
  }

  /// As [#committed(TopicPartition)], from an offset on.
  public List<StoredRecord> committed(TopicPartition partition, long from) {
    return topics.ask(
        partition,
        log -> log.read(Math.max(from, log.start()), true, Integer.MAX_VALUE).records(),
        List.of());
  }

  /// Whether committed readers would find a record at or beyond an offset.
  public boolean hasCommittedFrom(TopicPartition partition, long offset) {
    return topics.ask(
        partition,
        log -> !log.read(Math.max(offset, log.start()), true, 1).records().isEmpty(),
        false);
  }

  /// Everything that was ever committed in a partition, whatever compaction and retention have
  /// taken since.
  public List<StoredRecord> everCommitted(TopicPartition partition) {
    return topics.ask(partition, Log::everCommitted, List.of());
  }

  /// Everything in a partition, aborted and undecided records included, without markers.
  public List<StoredRecord> all(TopicPartition partition) {
    return topics.ask(
        partition, log -> log.read(log.start(), false, Integer.MAX_VALUE).records(), List.of());
  }

  /// Offset of a partition's first record.
  public long start(TopicPartition partition) {
    return topics.ask(partition, Log::start, 0L);
  }

  /// Offset of a partition's next record.
  public long end(TopicPartition partition) {
    return topics.ask(partition, Log::end, 0L);
  }

  /// The last stable offset of a partition.
  public long stableEnd(TopicPartition partition) {
    return topics.ask(partition, Log::stableEnd, 0L);
  }

  /// The offset that a group has committed for a partition, -1 for none.
  public long committedOffset(String group, TopicPartition partition) {
    return groups.offsets(group).committed(partition);
  }

  /// All offsets that a group has committed, in the order in which they became visible.
  public List<OffsetCommit> commits(String group) {
    return groups.offsets(group).history();
  }

  /// A group as its coordinator sees it.
  public Reply.GroupState describeGroup(String group) {
    return groups.group(group).describe();
  }

  /// Whether no transaction is open or ending.
  public boolean isQuiet() {
    return transactions.isQuiet();
  }
}
