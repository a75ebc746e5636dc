package dev.gretchen.engine.internal.worker;

import dev.gretchen.engine.internal.ask.CallHeaders;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.topology.Repartition;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.topology.Topology;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Checks an app's topics at start and makes those that belong to the engine. What does not fit is
/// refused here, before an event is handled.
final class Topics {

  /// How long a changelog keeps tombstones; a store older than that may have missed one.
  static final Duration TOMBSTONES_KEPT = Duration.ofDays(1);

  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final Duration SHOWS_UP_PAUSE = Duration.ofMillis(50);
  private static final int SHOWS_UP_ATTEMPTS = 200;

  /// For a topic that nobody of ours has made: long enough for one that was made just before, short
  /// enough for whoever forgot it.
  private static final int FOUND_ATTEMPTS = 40;

  /// Kept until they are handled, whatever their event time, and deleted then ([Purge]).
  private static final Map<String, String> REPARTITION =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.CLEANUP_POLICY_DELETE,
          TopicConfig.RETENTION_MS_CONFIG,
          "-1");

  /// Nobody waits longer for an answer.
  private static final Map<String, String> REPLIES =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.CLEANUP_POLICY_DELETE,
          TopicConfig.RETENTION_MS_CONFIG,
          Long.toString(Duration.ofHours(1).toMillis()));

  private final Admin admin;
  private final Monitor monitor;
  private final Map<String, Integer> partitions = new ConcurrentHashMap<>();
  private final Map<String, Uuid> changelogIds = new HashMap<>();

  Topics(Admin admin, Monitor monitor) {
    this.admin = admin;
    this.monitor = monitor;
  }

  /// @param createMissing partitions for declared topics that do not exist, 0 to refuse
  /// @throws WorkerCannotStart naming what does not fit
  void prepare(Topology topology, int createMissing) {
    for (String topic : topology.topics()) {
      TopicDescription found = declared(topology, topic, createMissing);
      partitions.put(topic, found.partitions().size());
    }
    find(topology);
    topology.streams().repartitions().forEach(between -> repartition(topology, between));
    if (topology.hasTimers()) {
      leaderTopic(topology);
    }
    if (topology.answers()) {
      replies(Topology.repliesTopic(topology.app()));
    }
    topology
        .tablesByTopic()
        .forEach((topic, tables) -> tables.forEach(table -> changelog(topology, topic, table)));
    ensure(topology.deadLetterTopic(), 1, Map.of());
    ensure(topology.auditTopic(), 1, Map.of());
  }

  /// Looks for topics that the app's patterns find.
  ///
  /// @return those that were not there at the last look
  /// @throws WorkerCannotStart if the brokers do not answer
  /// @throws IllegalStateException if agents meet in one that do not fit together
  NavigableSet<String> find(Topology topology) {
    NavigableSet<String> found = new TreeSet<>();
    if (!topology.hasPatterns()) {
      return found;
    }
    for (String topic : names()) {
      // asked for its agents, an app whose patterns do not fit together there refuses
      if (topology.finds(topic)
          && !partitions.containsKey(topic)
          && !topology.agents(topic).isEmpty()) {
        describe(topic)
            .ifPresent(there -> {
              partitions.put(topic, there.partitions().size());
              found.add(topic);
            });
      }
    }
    return found;
  }

  /// All topics that patterns have found so far.
  NavigableSet<String> found(Topology topology) {
    NavigableSet<String> found = new TreeSet<>(partitions.keySet());
    found.removeIf(topic -> !topology.finds(topic));
    return found;
  }

  private Set<String> names() {
    try {
      return new TreeSet<>(await("listing topics", admin.listTopics().names()));
    } catch (ExecutionException failure) {
      throw new WorkerCannotStart("topics cannot be listed: " + reason(failure));
    }
  }

  /// A topic between agents. How many partitions it has is decided once, when it is made: tables
  /// behind it could not follow a change, and need not, whatever its sources do.
  private void repartition(Topology topology, Repartition between) {
    int sources =
        partitions.entrySet().stream()
            .filter(entry -> isSource(topology, between, entry.getKey()))
            .mapToInt(Map.Entry::getValue)
            .max()
            .orElse(0);
    int wanted = between.partitions() == 0 ? sources : between.partitions();
    if (wanted == 0 && describe(between.topic()).isEmpty()) {
      throw new WorkerCannotStart(
          "topic "
              + between.topic()
              + " is to have as many partitions as its largest source, and no topic matches the pattern yet; say how many, by groupBy(..., partitions) or through(..., partitions)");
    }
    int found = ensure(between.topic(), wanted, REPARTITION).partitions().size();
    if (between.partitions() != 0 && found != between.partitions()) {
      throw new WorkerCannotStart(
          "topic "
              + between.topic()
              + " has "
              + found
              + " partitions, and app "
              + topology.app()
              + " says "
              + between.partitions()
              + "; it cannot change, because the tables behind it could not follow. Say "
              + found
              + ", or give groupBy(...) or through(...) another name");
    }
    partitions.put(between.topic(), found);
  }

  private static boolean isSource(Topology topology, Repartition between, String topic) {
    Predicate<String> pattern = between.pattern();
    return between.sources().contains(topic)
        || (pattern != null && pattern.test(topic) && topology.finds(topic));
  }

  int partitionsOf(String topic) {
    Integer count = partitions.get(topic);
    if (count == null) {
      throw new IllegalArgumentException("topic " + topic + " was not prepared");
    }
    return count;
  }

  Uuid changelogId(String changelog) {
    return changelogIds.getOrDefault(changelog, Uuid.ZERO_UUID);
  }

  private TopicDescription declared(Topology topology, String topic, int createMissing) {
    if (createMissing > 0) {
      return ensure(topic, createMissing, Map.of());
    }
    return showsUp(topic, FOUND_ATTEMPTS)
        .orElseThrow(() ->
            new WorkerCannotStart(
                "topic "
                    + topic
                    + " of app "
                    + topology.app()
                    + " does not exist; create it, or start with --create-topics=<partitions>"));
  }

  private void leaderTopic(Topology topology) {
    String topic = topology.leaderSeat().topic();
    int found = ensure(topic, 1, Map.of()).partitions().size();
    if (found != 1) {
      throw new WorkerCannotStart(
          "topic "
              + topic
              + " has "
              + found
              + " partitions and must have one: whoever owns it leads app "
              + topology.app()
              + ", and only one may; delete the topic, it holds nothing");
    }
    partitions.put(topic, found);
  }

  /// The topic where answers are waited for. More partitions than are used do no harm; with fewer,
  /// some worker would wait in one that there is not.
  private void replies(String topic) {
    int found = ensure(topic, CallHeaders.PARTITIONS, REPLIES).partitions().size();
    if (found < CallHeaders.PARTITIONS) {
      throw new WorkerCannotStart(
          "topic "
              + topic
              + ", where workers wait for the answers of agents, has "
              + found
              + " partitions and must have at least "
              + CallHeaders.PARTITIONS
              + "; give it more, or delete it, since it keeps nothing for longer than an hour");
    }
  }

  private void changelog(Topology topology, String input, TableSpec table) {
    String changelog = topology.changelog(table.name());
    int expected = partitionsOf(input);
    TopicDescription found =
        ensure(
            changelog,
            expected,
            Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.DELETE_RETENTION_MS_CONFIG,
                Long.toString(TOMBSTONES_KEPT.toMillis())));
    if (found.partitions().size() != expected) {
      throw new WorkerCannotStart(
          "changelog "
              + changelog
              + " has "
              + found.partitions().size()
              + " partitions, but "
              + input
              + ", whose agent uses the table, has "
              + expected
              + "; they must be equal. Was the topic's partition count changed? Tables cannot follow that: begin under a new app name");
    }
    changelogIds.put(changelog, found.topicId());
  }

  private TopicDescription ensure(String topic, int count, Map<String, String> configuration) {
    Optional<TopicDescription> found = describe(topic);
    if (found.isPresent()) {
      return found.get();
    }
    try {
      await(
          "creating topic " + topic,
          admin
              .createTopics(
                  List.of(
                      new NewTopic(topic, Optional.of(count), Optional.empty())
                          .configs(configuration)))
              .all());
    } catch (ExecutionException failure) {
      if (!(failure.getCause() instanceof TopicExistsException)) {
        throw new WorkerCannotStart("topic " + topic + " cannot be created: " + reason(failure));
      }
    }
    return showsUp(topic, SHOWS_UP_ATTEMPTS)
        .orElseThrow(() ->
            new WorkerCannotStart(
                "topic " + topic + " was created, but does not show up; is the cluster healthy?"));
  }

  /// A topic that was made a moment ago, by us or by somebody else: the controller has it, and the
  /// broker that answers here may hear of it a little later.
  private Optional<TopicDescription> showsUp(String topic, int attempts) {
    Optional<TopicDescription> made = describe(topic);
    for (int attempt = 1; made.isEmpty() && attempt < attempts; attempt++) {
      monitor.await(() -> false, SHOWS_UP_PAUSE);
      made = describe(topic);
    }
    return made;
  }

  private Optional<TopicDescription> describe(String topic) {
    try {
      return Optional.ofNullable(
          await("describing topic " + topic, admin.describeTopics(List.of(topic)).allTopicNames())
              .get(topic));
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw new WorkerCannotStart("topic " + topic + " cannot be described: " + reason(failure));
    }
  }

  private static String reason(ExecutionException failure) {
    return failure.getCause() == null ? failure.toString() : failure.getCause().toString();
  }

  private static <T> T await(String what, KafkaFuture<T> future) throws ExecutionException {
    try {
      return future.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw new WorkerCannotStart(
          what + " took longer than " + BOUND.toSeconds() + " s; are the brokers reachable?");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new WorkerCannotStart(what + " was interrupted");
    }
  }
}
