package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsResult;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.admin.FenceProducersResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupResult;
import org.apache.kafka.clients.admin.SimResults;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.ProducerIdAndEpoch;

/// What an admin client does with groups, their offsets, and producers; methods as in
/// [org.apache.kafka.clients.admin.Admin].
final class AdminGroups {

  private final AdminCalls calls;

  AdminGroups(AdminCalls calls) {
    this.calls = calls;
  }

  /// A partition whose offset a pending transaction may change is left out of the answer, without
  /// an error, where stable offsets are asked for.
  public ListConsumerGroupOffsetsResult listConsumerGroupOffsets(
      Map<String, ListConsumerGroupOffsetsSpec> groupSpecs,
      ListConsumerGroupOffsetsOptions options) {
    long deadline = calls.deadline(options);
    Map<String, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>> outcomes =
        new LinkedHashMap<>();
    new TreeMap<>(groupSpecs)
        .forEach((group, spec) ->
            outcomes.put(
                group,
                AdminCalls.future(() -> offsets(group, spec, options.requireStable(), deadline))));
    return SimResults.offsets(outcomes);
  }

  private Map<TopicPartition, OffsetAndMetadata> offsets(
      String group, ListConsumerGroupOffsetsSpec spec, boolean requireStable, long deadline) {
    Map<TopicPartition, OffsetAndMetadata> found = new TreeMap<>(Partitions.BY_NAME);
    Collection<TopicPartition> asked = spec.topicPartitions();
    if (asked != null && asked.isEmpty()) {
      return found;
    }
    NavigableSet<TopicPartition> partitions = Partitions.none();
    if (asked != null) {
      partitions.addAll(asked);
    }
    Reply.Committed reply =
        calls.require(new Request.OffsetFetch(group, partitions, requireStable), deadline);
    found.putAll(reply.offsets());
    for (TopicPartition partition : partitions) {
      if (!found.containsKey(partition)) {
        putNull(found, partition);
      }
    }
    reply.unstable().forEach(found::remove);
    return found;
  }

  @SuppressWarnings("NullAway") // the real client says so of a partition without an offset
  private static void putNull(
      Map<TopicPartition, OffsetAndMetadata> offsets, TopicPartition partition) {
    offsets.put(partition, null);
  }

  public DescribeConsumerGroupsResult describeConsumerGroups(
      Collection<String> groupIds, DescribeConsumerGroupsOptions options) {
    long deadline = calls.deadline(options);
    Map<String, KafkaFuture<ConsumerGroupDescription>> outcomes = new LinkedHashMap<>();
    for (String group : groupIds) {
      outcomes.put(
          group,
          AdminCalls.future(
              () -> describe(group, calls.require(new Request.DescribeGroup(group), deadline))));
    }
    return new DescribeConsumerGroupsResult(outcomes);
  }

  private static ConsumerGroupDescription describe(String group, Reply.GroupState state) {
    List<MemberDescription> members = new ArrayList<>();
    for (Reply.MemberState member : state.members()) {
      members.add(
          new MemberDescription(
              member.memberId(),
              Optional.ofNullable(member.instanceId()),
              Optional.empty(),
              "",
              "",
              new MemberAssignment(partitions(member)),
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));
    }
    return new ConsumerGroupDescription(
        group,
        false,
        members,
        "",
        GroupType.CLASSIC,
        GroupState.parse(state.state()),
        TopicCache.NODE,
        Set.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static Set<TopicPartition> partitions(Reply.MemberState member) {
    NavigableSet<TopicPartition> partitions = Partitions.none();
    byte[] assignment = member.assignment();
    if (assignment != null && assignment.length > 0) {
      partitions.addAll(
          ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(assignment)).partitions());
    }
    return partitions;
  }

  /// The cluster tells the first error only, which is then every member's.
  public RemoveMembersFromConsumerGroupResult removeMembersFromConsumerGroup(
      String groupId, RemoveMembersFromConsumerGroupOptions options) {
    if (options.removeAll()) {
      throw new UnsupportedOperationException(
          "a simulated admin client removes members that are named");
    }
    long deadline = calls.deadline(options);
    List<MemberToRemove> members =
        options.members().stream()
            .sorted((a, b) -> a.groupInstanceId().compareTo(b.groupInstanceId()))
            .toList();
    List<Request.Member> leaving =
        members.stream()
            .map(member -> new Request.Member(groupId, -1, "", member.groupInstanceId()))
            .toList();
    KafkaFuture<Map<MemberIdentity, Errors>> outcome =
        AdminCalls.future(() -> {
          Errors error = calls.ask(new Request.LeaveGroup(groupId, leaving), deadline).error();
          Map<MemberIdentity, Errors> each = new LinkedHashMap<>();
          members.forEach(member -> each.put(SimResults.identity(member), error));
          return each;
        });
    return SimResults.removed(outcome, options.members());
  }

  public FenceProducersResult fenceProducers(
      Collection<String> transactionalIds, FenceProducersOptions options) {
    long deadline = calls.deadline(options);
    // it never writes: its transactions need no longer than this call
    int timeout = Math.toIntExact(calls.requestTimeout().toMillis());
    Map<String, KafkaFuture<ProducerIdAndEpoch>> outcomes = new LinkedHashMap<>();
    for (String id : transactionalIds) {
      outcomes.put(
          id,
          AdminCalls.future(() -> {
            Reply.Producer reply =
                calls.require(new Request.InitProducerId(id, timeout, -1, (short) -1), deadline);
            return new ProducerIdAndEpoch(reply.producerId(), reply.epoch());
          }));
    }
    return SimResults.fenced(outcomes);
  }

  public DescribeTransactionsResult describeTransactions(
      Collection<String> transactionalIds, DescribeTransactionsOptions options) {
    long deadline = calls.deadline(options);
    Map<String, KafkaFuture<TransactionDescription>> outcomes = new LinkedHashMap<>();
    for (String id : transactionalIds) {
      outcomes.put(
          id,
          AdminCalls.future(
              () -> describe(calls.require(new Request.DescribeTransaction(id), deadline))));
    }
    return SimResults.transactions(outcomes);
  }

  private static TransactionDescription describe(Reply.TransactionState state) {
    return new TransactionDescription(
        TopicCache.NODE.id(),
        TransactionState.parse(state.state()),
        state.producerId(),
        state.epoch(),
        state.timeoutMillis(),
        state.begunMillis() < 0 ? OptionalLong.empty() : OptionalLong.of(state.begunMillis()),
        state.partitions());
  }
}
