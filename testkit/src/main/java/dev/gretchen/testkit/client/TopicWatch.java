package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.protocol.Errors;

/// The leader of a group keeps an eye on the topics that it has shared out: as their metadata grow
/// too old it asks again, and if partitions have come or gone, the group has to share anew.
final class TopicWatch {

  private final Connection connection;
  private final TopicCache topics;
  private final Duration maxAge;
  private final Duration requestTimeout;

  TopicWatch(Connection connection, TopicCache topics, Duration maxAge, Duration requestTimeout) {
    this.connection = connection;
    this.topics = topics;
    this.maxAge = maxAge;
    this.requestTimeout = requestTimeout;
  }

  /// Begins with what was shared out.
  ///
  /// @param wanted the topics that members want, also those that are not there
  /// @param lasts whether that is still what is shared
  /// @param changed called once when it is no longer all that there is
  void begin(
      Set<String> wanted,
      Map<String, Reply.Topic> shared,
      BooleanSupplier lasts,
      Runnable changed) {
    look(wanted, counts(shared), lasts, changed);
  }

  private void look(
      Set<String> wanted, Map<String, Integer> shared, BooleanSupplier lasts, Runnable changed) {
    connection.after(
        maxAge.toNanos(),
        () -> {
          if (lasts.getAsBoolean()) {
            ask(wanted, shared, lasts, changed);
          }
        });
  }

  private void ask(
      Set<String> wanted, Map<String, Integer> shared, BooleanSupplier lasts, Runnable changed) {
    connection.send(
        new Request.Metadata(wanted),
        requestTimeout,
        reply -> {
          if (!lasts.getAsBoolean()) {
            return;
          }
          if (reply == null || reply.error() != Errors.NONE) {
            look(wanted, shared, lasts, changed);
            return;
          }
          topics.take(wanted, reply);
          if (counts(reply.topics()).equals(shared)) {
            look(wanted, shared, lasts, changed);
          } else {
            changed.run();
          }
        });
  }

  private static Map<String, Integer> counts(Map<String, Reply.Topic> topics) {
    Map<String, Integer> counts = new TreeMap<>();
    topics.forEach((name, topic) -> counts.put(name, topic.partitions()));
    return counts;
  }
}
