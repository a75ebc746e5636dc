package dev.gretchen.testkit.kafka;

import dev.gretchen.testkit.sim.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

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

  /// The largest batch that a topic takes, unless it says otherwise.
  private static final int MESSAGE_BYTES_MAX = 1_048_588;

  /// What a broker takes for a topic's name, but for `.` and `..`.
  private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  private static final Duration TIMESTAMP_AHEAD_MAX = Duration.ofHours(1);
  private static final Duration TOMBSTONES_KEPT = Duration.ofDays(1);

  private final Scheduler scheduler;
  private final LongSupplier wallMillis;
  private final Transactions transactions;
  private final Map<String, Topic> topics = new TreeMap<>();
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final Map<String, Offsets> offsets = new LinkedHashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();

  private record Topic(Reply.Topic description, List<Log> logs) {

    boolean isCompacted() {
      return description
          .configuration()
          .getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
          .contains(TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    int messageBytesMax() {
      return Integer.parseInt(
          description
              .configuration()
              .getOrDefault(
                  TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MESSAGE_BYTES_MAX)));
    }
  }

  /// A fetch that found nothing yet.
  private final class Waiting {
    final Request.Fetch fetch;
    final Consumer<Reply.Fetched> respond;
    boolean answered;

    Waiting(Request.Fetch fetch, Consumer<Reply.Fetched> respond) {
      this.fetch = fetch;
      this.respond = respond;
    }

    void answer() {
      if (!answered) {
        answered = true;
        respond.accept(read(fetch));
      }
    }
  }

  /// @param wallMillis the brokers' clock
  /// @param markerNanos how long each marker of a transaction's end is on its way
  public SimKafka(Scheduler scheduler, LongSupplier wallMillis, LongSupplier markerNanos) {
    this.scheduler = scheduler;
    this.wallMillis = wallMillis;
    this.transactions =
        new Transactions(
            scheduler,
            new Transactions.Markers() {
              @Override
              public void partition(
                  TopicPartition partition, long producerId, short epoch, boolean commit) {
                Log log = log(partition);
                if (log != null) {
                  log.mark(producerId, epoch, commit, scheduler.now());
                  scheduler.note(
                      scheduler.world(),
                      commit ? "commit marker" : "abort marker",
                      partition.hashCode(),
                      log.end());
                  look();
                }
              }

              @Override
              public void group(String group, long producerId, boolean commit) {
                offsetsOf(group).end(producerId, commit, scheduler.now());
                scheduler.note(
                    scheduler.world(),
                    commit ? "offsets committed" : "offsets aborted",
                    producerId,
                    0);
              }
            },
            markerNanos::getAsLong);
  }

  @Override
  public <R extends Reply> void handle(Request<R> request, Consumer<R> respond) {
    switch (request) {
      case Request.JoinGroup join -> group(join.group()).join(join, cast(respond));
      case Request.SyncGroup sync -> group(sync.member().group()).sync(sync, cast(respond));
      case Request.Fetch fetch -> fetch(fetch, cast(respond));
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
          case Request.Metadata metadata -> describe(metadata.topics());
          case Request.CreateTopic create -> create(create);
          case Request.DeleteTopic delete -> delete(delete.topic());
          case Request.DeleteRecords delete -> delete(delete);
          case Request.InitProducerId init -> transactions.init(init);
          case Request.Produce produce -> append(produce);
          case Request.TxnOffsetCommit commit -> stage(commit);
          case Request.EndTxn end -> transactions.end(end);
          case Request.ListOffsets list -> list(list);
          case Request.Heartbeat(Request.Member member) ->
              new Reply.Status(
                  groups.containsKey(member.group())
                      ? group(member.group()).heartbeat(member)
                      : Errors.UNKNOWN_MEMBER_ID);
          case Request.LeaveGroup(String group, List<Request.Member> members) ->
              new Reply.Status(group(group).leave(members));
          case Request.OffsetCommit commit -> commit(commit);
          case Request.OffsetFetch(
                  String group,
                  Set<TopicPartition> partitions,
                  boolean requireStable) ->
              offsetsOf(group).fetch(partitions, requireStable);
          case Request.DescribeGroup(String group) ->
              groups.containsKey(group)
                  ? group(group).describe()
                  : new Reply.GroupState(Errors.GROUP_ID_NOT_FOUND, "Dead", -1, List.of());
          case Request.JoinGroup _, Request.SyncGroup _, Request.Fetch _ ->
              throw new IllegalArgumentException(request.api() + " is answered later");
        };
  }

  @SuppressWarnings("unchecked") // as above
  @Override
  public <R extends Reply> R refusal(Request<R> request, Errors error) {
    return (R)
        switch (request) {
          case Request.Metadata _ -> new Reply.Topics(error, Map.of());
          case Request.InitProducerId _, Request.EndTxn _ ->
              new Reply.Producer(error, -1, (short) -1);
          case Request.Produce _ -> new Reply.Produced(error, -1);
          case Request.Fetch fetch -> refused(fetch, error);
          case Request.ListOffsets _, Request.DeleteRecords _ -> new Reply.Offsets(error, Map.of());
          case Request.JoinGroup _ -> new Reply.Joined(error, -1, "", "", "", Map.of(), Map.of());
          case Request.SyncGroup _ -> new Reply.Synced(error, "", new byte[0]);
          case Request.OffsetFetch _ -> new Reply.Committed(error, Map.of(), Set.of());
          case Request.DescribeGroup _ -> new Reply.GroupState(error, "Dead", -1, List.of());
          case Request.CreateTopic _,
              Request.DeleteTopic _,
              Request.TxnOffsetCommit _,
              Request.Heartbeat _,
              Request.LeaveGroup _,
              Request.OffsetCommit _ ->
              new Reply.Status(error);
        };
  }

  private static Reply.Fetched refused(Request.Fetch fetch, Errors error) {
    Map<TopicPartition, Reply.Slice> slices = new LinkedHashMap<>();
    fetch
        .positions()
        .forEach((partition, position) ->
            slices.put(partition, new Reply.Slice(error, List.of(), position, 0, 0)));
    return new Reply.Fetched(slices);
  }

  private Reply.Topics describe(Set<String> asked) {
    Map<String, Reply.Topic> found = new TreeMap<>();
    topics.forEach((name, topic) -> {
      if (asked.isEmpty() || asked.contains(name)) {
        found.put(name, topic.description());
      }
    });
    return new Reply.Topics(found);
  }

  private Reply.Status create(Request.CreateTopic request) {
    if (!isValidName(request.topic())) {
      return new Reply.Status(Errors.INVALID_TOPIC_EXCEPTION);
    }
    if (topics.containsKey(request.topic())) {
      return new Reply.Status(Errors.TOPIC_ALREADY_EXISTS);
    }
    if (request.partitions() < 1) {
      return new Reply.Status(Errors.INVALID_PARTITIONS);
    }
    List<Log> logs = new ArrayList<>();
    for (int partition = 0; partition < request.partitions(); partition++) {
      logs.add(new Log());
    }
    Uuid id = new Uuid(scheduler.random().nextLong(), scheduler.random().nextLong());
    topics.put(
        request.topic(),
        new Topic(
            new Reply.Topic(
                request.topic(), id, request.partitions(), new TreeMap<>(request.configuration())),
            logs));
    return Reply.Status.DONE;
  }

  private static boolean isValidName(String topic) {
    return TOPIC_NAME.matcher(topic).matches() && !topic.equals(".") && !topic.equals("..");
  }

  private Reply.Status delete(String topic) {
    boolean removed = topics.remove(topic) != null;
    offsets.values().forEach(group -> group.forget(topic));
    return new Reply.Status(removed ? Errors.NONE : Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  private Reply.Offsets delete(Request.DeleteRecords request) {
    Log log = log(request.partition());
    if (log == null) {
      return new Reply.Offsets(Errors.UNKNOWN_TOPIC_OR_PARTITION, Map.of());
    }
    long before = request.before() == -1 ? log.end() : request.before();
    if (before < 0 || before > log.end()) {
      return new Reply.Offsets(Errors.OFFSET_OUT_OF_RANGE, Map.of());
    }
    log.deleteBefore(before);
    return new Reply.Offsets(Map.of(request.partition(), log.start()));
  }

  private Reply.Produced append(Request.Produce request) {
    Topic topic = topics.get(request.partition().topic());
    Log log = log(request.partition());
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
    Reply.Produced invalid = refusal(topic, request.messages());
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
    look();
    return produced;
  }

  /// What is wrong with a batch, and with which of its records; null if nothing is.
  private Reply.@Nullable Produced refusal(Topic topic, List<Message> messages) {
    long latest = wallMillis.getAsLong() + TIMESTAMP_AHEAD_MAX.toMillis();
    List<Integer> invalid = new ArrayList<>();
    Errors error = Errors.INVALID_RECORD;
    long bytes = 0;
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      bytes += message.size();
      if (message.timestamp() > latest) {
        error = Errors.INVALID_TIMESTAMP;
        invalid.add(i);
      } else if (message.key() == null && topic.isCompacted()) {
        invalid.add(i);
      }
    }
    if (bytes > topic.messageBytesMax()) {
      return new Reply.Produced(Errors.MESSAGE_TOO_LARGE, -1);
    }
    return invalid.isEmpty() ? null : new Reply.Produced(error, -1, invalid);
  }

  private Reply.Status stage(Request.TxnOffsetCommit request) {
    Request.Member member = request.member();
    SiftedOffsets offsets =
        SiftedOffsets.of(request.offsets(), partition -> log(partition) != null);
    if (offsets.accepted().isEmpty() && offsets.refused() == Errors.UNKNOWN_TOPIC_OR_PARTITION) {
      return new Reply.Status(offsets.refused());
    }
    Errors refused =
        transactions.join(
            request.transactionalId(), request.producerId(), request.epoch(), member.group());
    if (refused == Errors.NONE) {
      refused = group(member.group()).checkCommit(member, true);
    }
    if (refused == Errors.NONE) {
      offsetsOf(member.group()).stage(request.producerId(), offsets.accepted());
    }
    return new Reply.Status(offsets.error(refused));
  }

  private Reply.Status commit(Request.OffsetCommit request) {
    Request.Member member = request.member();
    SiftedOffsets offsets =
        SiftedOffsets.of(request.offsets(), partition -> log(partition) != null);
    if (offsets.accepted().isEmpty() && offsets.refused() == Errors.UNKNOWN_TOPIC_OR_PARTITION) {
      return new Reply.Status(offsets.refused());
    }
    Errors refused = group(member.group()).checkCommit(member, false);
    if (refused == Errors.NONE) {
      offsetsOf(member.group()).commit(offsets.accepted(), scheduler.now());
    }
    return new Reply.Status(offsets.error(refused));
  }

  private Reply.Offsets list(Request.ListOffsets request) {
    Map<TopicPartition, Long> found = new LinkedHashMap<>();
    for (TopicPartition partition : request.partitions()) {
      Log log = log(partition);
      if (log != null) {
        long end = request.committed() ? log.stableEnd() : log.end();
        found.put(partition, request.latest() ? end : log.start());
      }
    }
    return new Reply.Offsets(found);
  }

  private void fetch(Request.Fetch request, Consumer<Reply.Fetched> respond) {
    Reply.Fetched now = read(request);
    if (request.maxWaitMillis() <= 0 || holdsSomething(now, request)) {
      respond.accept(now);
      return;
    }
    Waiting fetch = new Waiting(request, respond);
    waiting.add(fetch);
    scheduler.after(
        scheduler.world(),
        request.maxWaitMillis() * 1_000_000L,
        () -> {
          waiting.remove(fetch);
          fetch.answer();
        });
  }

  private Reply.Fetched read(Request.Fetch request) {
    Map<TopicPartition, Reply.Slice> slices = new LinkedHashMap<>();
    int left = request.messagesMax();
    for (Map.Entry<TopicPartition, Long> asked : request.positions().entrySet()) {
      Log log = log(asked.getKey());
      Reply.Slice slice =
          log == null
              ? new Reply.Slice(
                  Errors.UNKNOWN_TOPIC_OR_PARTITION, List.of(), asked.getValue(), 0, 0)
              : log.read(asked.getValue(), request.committed(), Math.max(1, left));
      left -= slice.records().size();
      slices.put(asked.getKey(), slice);
    }
    return new Reply.Fetched(slices);
  }

  private static boolean holdsSomething(Reply.Fetched fetched, Request.Fetch request) {
    return fetched.partitions().entrySet().stream()
        .anyMatch(entry ->
            entry.getValue().error() != Errors.NONE
                || entry.getValue().nextOffset()
                    > request.positions().getOrDefault(entry.getKey(), Long.MAX_VALUE));
  }

  /// Something was appended, or became stable: fetches that wait may have their answer.
  private void look() {
    for (Waiting fetch : List.copyOf(waiting)) {
      if (holdsSomething(read(fetch.fetch), fetch.fetch)) {
        waiting.remove(fetch);
        fetch.answer();
      }
    }
  }

  private Group group(String name) {
    return groups.computeIfAbsent(name, _ -> new Group(scheduler));
  }

  private Offsets offsetsOf(String group) {
    return offsets.computeIfAbsent(group, _ -> new Offsets());
  }

  private @Nullable Log log(TopicPartition partition) {
    Topic topic = topics.get(partition.topic());
    return topic == null || partition.partition() >= topic.logs().size()
        ? null
        : topic.logs().get(partition.partition());
  }

  /// Makes a topic, outside of all protocol.
  public void create(String topic, int partitions, Map<String, String> configuration) {
    create(new Request.CreateTopic(topic, partitions, configuration));
  }

  /// The topics that exist, by name.
  public Map<String, Reply.Topic> topics() {
    return describe(Set.of()).topics();
  }

  /// What readers of committed records can see of a partition now, up to its last stable offset.
  public List<StoredRecord> committed(TopicPartition partition) {
    Log log = log(partition);
    return log == null ? List.of() : log.read(log.start(), true, Integer.MAX_VALUE).records();
  }

  /// Everything that was ever committed in a partition, whatever compaction and retention have
  /// taken since.
  public List<StoredRecord> everCommitted(TopicPartition partition) {
    Log log = log(partition);
    return log == null ? List.of() : log.everCommitted();
  }

  /// As [#committed(TopicPartition)], from an offset on.
  public List<StoredRecord> committed(TopicPartition partition, long from) {
    Log log = log(partition);
    return log == null
        ? List.of()
        : log.read(Math.max(from, log.start()), true, Integer.MAX_VALUE).records();
  }

  /// Everything in a partition, aborted and undecided records included, without markers.
  public List<StoredRecord> all(TopicPartition partition) {
    Log log = log(partition);
    return log == null ? List.of() : log.read(log.start(), false, Integer.MAX_VALUE).records();
  }

  /// Offset of a partition's first record.
  public long start(TopicPartition partition) {
    Log log = log(partition);
    return log == null ? 0 : log.start();
  }

  /// Offset of a partition's next record.
  public long end(TopicPartition partition) {
    Log log = log(partition);
    return log == null ? 0 : log.end();
  }

  /// The last stable offset of a partition.
  public long stableEnd(TopicPartition partition) {
    Log log = log(partition);
    return log == null ? 0 : log.stableEnd();
  }

  /// The offset that a group has committed for a partition, -1 for none.
  public long committedOffset(String group, TopicPartition partition) {
    return offsetsOf(group).committed(partition);
  }

  /// Whether committed readers would find a record at or beyond an offset.
  public boolean hasCommittedFrom(TopicPartition partition, long offset) {
    Log log = log(partition);
    return log != null && !log.read(Math.max(offset, log.start()), true, 1).records().isEmpty();
  }

  /// All offsets that a group has committed, in the order in which they became visible.
  public List<OffsetCommit> commits(String group) {
    return offsetsOf(group).history();
  }

  /// A group as its coordinator sees it.
  public Reply.GroupState describeGroup(String group) {
    return group(group).describe();
  }

  /// Whether no transaction is open or ending.
  public boolean isQuiet() {
    return transactions.isQuiet();
  }

  /// Runs compaction over a topic.
  ///
  /// @param untouched how many of each partition's newest offsets are left alone
  public void compact(String topic, long untouched) {
    Topic found = topics.get(topic);
    if (found != null && found.isCompacted()) {
      long kept =
          Long.parseLong(
              found
                  .description()
                  .configuration()
                  .getOrDefault(
                      TopicConfig.DELETE_RETENTION_MS_CONFIG,
                      Long.toString(TOMBSTONES_KEPT.toMillis())));
      found.logs().forEach(log -> log.compact(untouched, kept * 1_000_000L, scheduler.now()));
      scheduler.note(scheduler.world(), "compacted", topic.hashCode(), 0);
    }
  }

  /// Deletes the beginning of a partition, as retention does.
  public void truncate(TopicPartition partition, long before) {
    Log log = log(partition);
    if (log != null) {
      log.deleteBefore(before);
    }
  }
}
