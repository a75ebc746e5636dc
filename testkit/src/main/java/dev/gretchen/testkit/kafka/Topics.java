package dev.gretchen.testkit.kafka;

import dev.gretchen.testkit.sim.Scheduler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// The topics of a cluster, by name, and the requests that make, delete and describe them.
///
/// A topic's id comes from the scheduler's random stream, and only once the topic is known to be
/// valid.
final class Topics {

  /// What a broker takes for a topic's name, but for `.` and `..`.
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  private final Scheduler scheduler;
  private final Map<String, Topic> byName = new TreeMap<>();

  Topics(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Nullable Topic find(String topic) {
    return byName.get(topic);
  }

  /// The log of a partition, null if it does not exist.
  @Nullable Log log(TopicPartition partition) {
    Topic topic = byName.get(partition.topic());
    return topic == null ? null : topic.log(partition.partition());
  }

  boolean has(TopicPartition partition) {
    return log(partition) != null;
  }

  /// What a partition's log has to say.
  ///
  /// @param absent the answer where the partition does not exist
  <T> T ask(TopicPartition partition, Function<Log, T> question, T absent) {
    Log log = log(partition);
    return log == null ? absent : question.apply(log);
  }

  /// @param asked empty for all topics
  Reply.Topics describe(Set<String> asked) {
    Map<String, Reply.Topic> found = new TreeMap<>();
    byName.forEach((name, topic) -> {
      if (asked.isEmpty() || asked.contains(name)) {
        found.put(name, topic.description());
      }
    });
    return new Reply.Topics(found);
  }

  Reply.Status create(Request.CreateTopic request) {
    if (!isValid(request.topic())) {
      return new Reply.Status(Errors.INVALID_TOPIC_EXCEPTION);
    }
    if (byName.containsKey(request.topic())) {
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
    byName.put(
        request.topic(),
        new Topic(
            new Reply.Topic(
                request.topic(), id, request.partitions(), new TreeMap<>(request.configuration())),
            logs));
    return Reply.Status.DONE;
  }

  private static boolean isValid(String name) {
    return NAME.matcher(name).matches() && !name.equals(".") && !name.equals("..");
  }

  Reply.Status delete(String topic) {
    boolean removed = byName.remove(topic) != null;
    return new Reply.Status(removed ? Errors.NONE : Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  Reply.Offsets deleteRecords(Request.DeleteRecords request) {
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

  Reply.Offsets list(Request.ListOffsets request) {
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
}
