package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.CreateTopicsResult.TopicMetadataAndConfig;
import org.apache.kafka.clients.admin.DeleteRecordsOptions;
import org.apache.kafka.clients.admin.DeleteRecordsResult;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.DeleteTopicsResult;
import org.apache.kafka.clients.admin.DeletedRecords;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.SimResults;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;

/// What an admin client does with topics and their logs; methods as in
/// [org.apache.kafka.clients.admin.Admin].
final class AdminTopics {

  private final AdminCalls calls;

  AdminTopics(AdminCalls calls) {
    this.calls = calls;
  }

  public CreateTopicsResult createTopics(
      Collection<NewTopic> newTopics, CreateTopicsOptions options) {
    if (options.shouldValidateOnly()) {
      throw new UnsupportedOperationException("a simulated cluster does not validate only");
    }
    long deadline = calls.deadline(options);
    Map<String, KafkaFuture<TopicMetadataAndConfig>> outcomes = new LinkedHashMap<>();
    for (NewTopic topic : newTopics) {
      outcomes.put(topic.name(), AdminCalls.future(() -> create(topic, deadline)));
    }
    return SimResults.created(outcomes);
  }

  private TopicMetadataAndConfig create(NewTopic topic, long deadline) {
    // a cluster's default is one partition
    int partitions = topic.numPartitions() < 0 ? 1 : topic.numPartitions();
    Map<String, String> given = topic.configs();
    Map<String, String> configuration = given == null ? Map.of() : new TreeMap<>(given);
    calls.require(new Request.CreateTopic(topic.name(), partitions, configuration), deadline);
    return new TopicMetadataAndConfig(Uuid.ZERO_UUID, partitions, 1, new Config(List.of()));
  }

  public DeleteTopicsResult deleteTopics(TopicCollection topics, DeleteTopicsOptions options) {
    if (!(topics instanceof TopicCollection.TopicNameCollection named)) {
      throw new UnsupportedOperationException("a simulated admin client deletes topics by name");
    }
    long deadline = calls.deadline(options);
    Map<String, KafkaFuture<Void>> outcomes = new LinkedHashMap<>();
    for (String name : named.topicNames()) {
      outcomes.put(
          name,
          AdminCalls.future(() -> calls.require(new Request.DeleteTopic(name), deadline))
              .thenApply(AdminTopics::nothing));
    }
    return SimResults.deleted(outcomes);
  }

  @SuppressWarnings("NullAway") // Void has no other value
  static <T> Void nothing(T outcome) {
    return null;
  }

  public ListTopicsResult listTopics(ListTopicsOptions options) {
    return SimResults.listed(
        AdminCalls.future(() -> {
          Map<String, TopicListing> listings = new TreeMap<>();
          describe(Set.of(), calls.deadline(options))
              .forEach(
                  (name, topic) -> listings.put(name, new TopicListing(name, topic.id(), false)));
          return listings;
        }));
  }

  public DescribeTopicsResult describeTopics(
      TopicCollection topics, DescribeTopicsOptions options) {
    long deadline = calls.deadline(options);
    return switch (topics) {
      case TopicCollection.TopicNameCollection named -> byName(named.topicNames(), deadline);
      case TopicCollection.TopicIdCollection identified -> byId(identified.topicIds(), deadline);
      default -> throw new IllegalArgumentException("unknown kind of topics: " + topics);
    };
  }

  private DescribeTopicsResult byName(Collection<String> names, long deadline) {
    KafkaFuture<Map<String, Reply.Topic>> all =
        AdminCalls.future(
            () -> names.isEmpty() ? Map.of() : describe(new TreeSet<>(names), deadline));
    Map<String, KafkaFuture<TopicDescription>> outcomes = new LinkedHashMap<>();
    for (String name : names) {
      outcomes.put(
          name,
          all.thenApply(found -> {
            Reply.Topic topic = found.get(name);
            if (topic == null) {
              throw new UnknownTopicOrPartitionException("Topic " + name + " not found.");
            }
            return description(topic);
          }));
    }
    return SimResults.describedByName(outcomes);
  }

  private DescribeTopicsResult byId(Collection<Uuid> ids, long deadline) {
    KafkaFuture<Map<String, Reply.Topic>> all =
        AdminCalls.future(() -> describe(Set.of(), deadline));
    Map<Uuid, KafkaFuture<TopicDescription>> outcomes = new LinkedHashMap<>();
    for (Uuid id : ids) {
      outcomes.put(
          id,
          all.thenApply(found ->
              found.values().stream()
                  .filter(topic -> topic.id().equals(id))
                  .findFirst()
                  .map(AdminTopics::description)
                  .orElseThrow(
                      () -> new UnknownTopicIdException("TopicId " + id + " not found."))));
    }
    return SimResults.describedById(outcomes);
  }

  private static TopicDescription description(Reply.Topic topic) {
    List<TopicPartitionInfo> partitions = new ArrayList<>();
    for (int partition = 0; partition < topic.partitions(); partition++) {
      partitions.add(
          new TopicPartitionInfo(
              partition, TopicCache.NODE, List.of(TopicCache.NODE), List.of(TopicCache.NODE)));
    }
    return new TopicDescription(topic.name(), false, partitions, Set.of(), topic.id());
  }

  private Map<String, Reply.Topic> describe(Set<String> names, long deadline) {
    return calls.require(new Request.Metadata(names), deadline).topics();
  }

  public ListOffsetsResult listOffsets(
      Map<TopicPartition, OffsetSpec> specs, ListOffsetsOptions options) {
    long deadline = calls.deadline(options);
    boolean committed = options.isolationLevel() == IsolationLevel.READ_COMMITTED;
    NavigableSet<TopicPartition> earliest = Partitions.none();
    NavigableSet<TopicPartition> latest = Partitions.none();
    specs.forEach((partition, spec) -> {
      if (spec instanceof OffsetSpec.EarliestSpec) {
        earliest.add(partition);
      } else if (spec instanceof OffsetSpec.LatestSpec) {
        latest.add(partition);
      } else {
        throw new UnsupportedOperationException(
            "a simulated admin client lists the earliest and the latest offsets only");
      }
    });
    Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> outcomes = new LinkedHashMap<>();
    list(earliest, false, committed, deadline, outcomes);
    list(latest, true, committed, deadline, outcomes);
    return new ListOffsetsResult(outcomes);
  }

  /// A topic that does not exist is an answer; a partition that its topic does not have is asked
  /// for again until the time is over, as the real client does while it looks for its leader.
  private void list(
      Set<TopicPartition> partitions,
      boolean latest,
      boolean committed,
      long deadline,
      Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> outcomes) {
    NavigableSet<TopicPartition> missing = Partitions.sorted(partitions);
    try {
      for (int attempt = 0; !missing.isEmpty(); attempt++) {
        if (attempt > 0) {
          calls.pause(attempt - 1, deadline);
        }
        Request.ListOffsets request =
            new Request.ListOffsets(Partitions.sorted(missing), latest, committed);
        calls
            .require(request, deadline)
            .offsets()
            .forEach((partition, offset) -> {
              missing.remove(partition);
              outcomes.put(
                  partition,
                  KafkaFuture.completedFuture(
                      new ListOffsetsResultInfo(offset, -1, Optional.of(0))));
            });
        failUnknown(missing, deadline, outcomes);
      }
    } catch (ApiException refused) {
      missing.forEach(partition ->
          outcomes.put(
              partition,
              AdminCalls.future(() -> {
                throw refused;
              })));
    }
  }

  private void failUnknown(
      NavigableSet<TopicPartition> missing,
      long deadline,
      Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> outcomes) {
    if (missing.isEmpty()) {
      return;
    }
    Set<String> asked = new TreeSet<>();
    missing.forEach(partition -> asked.add(partition.topic()));
    Set<String> known = describe(asked, deadline).keySet();
    for (TopicPartition partition : Partitions.sorted(missing)) {
      if (!known.contains(partition.topic())) {
        missing.remove(partition);
        outcomes.put(
            partition,
            AdminCalls.future(() -> {
              throw new UnknownTopicOrPartitionException(
                  "Failed to fetch metadata for partition " + partition);
            }));
      }
    }
  }

  public DeleteRecordsResult deleteRecords(
      Map<TopicPartition, RecordsToDelete> recordsToDelete, DeleteRecordsOptions options) {
    long deadline = calls.deadline(options);
    Map<TopicPartition, RecordsToDelete> ordered = new TreeMap<>(Partitions.BY_NAME);
    ordered.putAll(recordsToDelete);
    Map<TopicPartition, KafkaFuture<DeletedRecords>> outcomes = new LinkedHashMap<>();
    ordered.forEach((partition, records) -> {
      outcomes.put(
          partition,
          AdminCalls.future(
              () -> new DeletedRecords(delete(partition, records.beforeOffset(), deadline))));
    });
    return new DeleteRecordsResult(outcomes);
  }

  /// A partition that does not exist is looked for until the time is over.
  private long delete(TopicPartition partition, long before, long deadline) {
    Request.DeleteRecords request = new Request.DeleteRecords(partition, before);
    for (int attempt = 0; ; attempt++) {
      Reply.Offsets reply = calls.ask(request, deadline);
      Long start = reply.offsets().get(partition);
      if (start != null) {
        return start;
      }
      if (reply.error() != Errors.UNKNOWN_TOPIC_OR_PARTITION) {
        throw reply.error().exception();
      }
      calls.pause(attempt, deadline);
    }
  }
}
