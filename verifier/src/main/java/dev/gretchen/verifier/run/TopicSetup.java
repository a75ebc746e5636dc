package dev.gretchen.verifier.run;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.verifier.contract.AppDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;

/// Makes the topics of a run: those that the app reads and writes by contract. Its internal ones
/// are its own affair.
final class TopicSetup {

  private static final long BOUND_SECONDS = 30;

  private final Map<String, Object> client;
  private final AppDescriptor app;

  TopicSetup(Map<String, Object> client, AppDescriptor app) {
    this.client = client;
    this.app = app;
  }

  /// @throws EnvironmentFailure where a topic of the app exists, which would mix two runs
  void create(int partitions) {
    Set<String> mine = new LinkedHashSet<>(app.inputs());
    app.streams().forEach(stream -> mine.add(stream.topic()));
    try (Admin admin = Admin.create(client)) {
      Set<String> there = await("listing topics", admin.listTopics().names());
      for (String topic : app.topics()) {
        if (there.contains(topic)) {
          throw new EnvironmentFailure(
              "Topic "
                  + topic
                  + " exists on "
                  + client.get("bootstrap.servers")
                  + "; a run needs the app's topics to itself. Delete them, or use another cluster");
        }
      }
      // event times are fixed by the seed and lie in the past: retention must not take them
      Map<String, String> keepAll =
          Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1", TopicConfig.RETENTION_BYTES_CONFIG, "-1");
      List<NewTopic> topics = new ArrayList<>();
      for (String topic : mine) {
        topics.add(new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(keepAll));
      }
      await("creating topics", admin.createTopics(topics).all());
    }
  }

  /// Removes the app's topics again, from a cluster that is not ours.
  void remove() {
    try (Admin admin = Admin.create(client)) {
      Set<String> there = await("listing topics", admin.listTopics().names());
      Set<String> mine = new LinkedHashSet<>(app.topics());
      mine.add(app.name() + "-dead-letters");
      mine.retainAll(there);
      await("deleting topics", admin.deleteTopics(mine).all());
    }
  }

  private static <T> T await(String what, KafkaFuture<T> future) {
    try {
      return future.get(BOUND_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException cause) {
      throw new EnvironmentFailure("The cluster failed at " + what + ": " + cause, cause);
    } catch (InterruptedException cause) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFailure("Interrupted while " + what, cause);
    }
  }
}
