package dev.gretchen.verifier.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/// Asks the brokers which partitions topics have, and where their logs end. One thread at a time.
final class LogEnds {

  private final Admin admin;

  LogEnds(Admin admin) {
    this.admin = admin;
  }

  /// The partitions of those topics that there are, in order.
  List<TopicPartition> partitions(Collection<String> topics)
      throws InterruptedException, ExecutionException {
    List<String> known = new ArrayList<>(admin.listTopics().names().get());
    known.retainAll(topics);
    List<TopicPartition> partitions = new ArrayList<>();
    admin
        .describeTopics(known)
        .allTopicNames()
        .get()
        .forEach((topic, description) ->
            description
                .partitions()
                .forEach(p -> partitions.add(new TopicPartition(topic, p.partition()))));
    partitions.sort(
        Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition));
    return partitions;
  }

  /// The ends for readers of all that was written, or of what was committed.
  Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions, IsolationLevel isolation)
      throws InterruptedException, ExecutionException {
    var specs = partitions.stream().collect(Collectors.toMap(tp -> tp, _ -> OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(specs, new ListOffsetsOptions(isolation))
        .all()
        .get()
        .forEach((tp, result) -> ends.put(tp, result.offset()));
    return ends;
  }
}
