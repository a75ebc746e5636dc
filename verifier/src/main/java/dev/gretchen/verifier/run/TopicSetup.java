package dev.gretchen.verifier.run;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.StreamKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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

  /// How the topics end that an app makes for itself, behind its name.
  private static final List<String> INTERNAL = List.of("-changelog", "-leader", "-dead-letters");

  private final Map<String, Object> client;
  private final AppDescriptor app;

  /// What there was when the run began.
  private final Set<String> before = new HashSet<>();

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
      before.addAll(there);
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
        Map<String, String> configs = new HashMap<>(keepAll);
        if (isTable(topic)) {
          configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        }
        topics.add(new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(configs));
      }
      await("creating topics", admin.createTopics(topics).all());
    }
  }

  /// Whether a topic is a published table, of which the last value of each key counts.
  private boolean isTable(String topic) {
    return app.streams().stream()
        .anyMatch(stream -> stream.topic().equals(topic) && stream.kind() == StreamKind.BANS);
  }

  /// Removes the app's topics again, from a cluster that is not ours: those of the descriptor, and
  /// what has come beside them, as another version of the app has other tables.
  void remove() {
    try (Admin admin = Admin.create(client)) {
      Set<String> mine = new LinkedHashSet<>(await("listing topics", admin.listTopics().names()));
      mine.removeAll(before);
      mine.removeIf(topic -> !isOurs(topic));
      await("deleting topics", admin.deleteTopics(mine).all());
    }
  }

  private boolean isOurs(String topic) {
    boolean internal =
        topic.startsWith(app.name() + "-") && INTERNAL.stream().anyMatch(topic::endsWith);
    return internal || app.topics().contains(topic);
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
