package dev.gretchen.engine.internal.worker;

import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.topology.Topology;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for new topics that an app's patterns match, and has them read.
///
/// Each worker looks by itself. The group shares a topic out once every member reads it
/// ([dev.gretchen.engine.internal.assign.GroupAssignor]), so it does not matter who finds it first.
/// A topic that is gone stays on the list and has no partitions any more.
final class TopicFinder implements Activity {

  private static final Logger LOG = LoggerFactory.getLogger(TopicFinder.class);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(3);

  private final Topology topology;
  private final Topics topics;
  private final Consumer<NavigableSet<String>> reads;
  private final Monitor monitor;
  private volatile boolean stopping;

  /// @param reads takes all that were found
  TopicFinder(
      Topology topology, Topics topics, Consumer<NavigableSet<String>> reads, Monitor monitor) {
    this.topology = topology;
    this.topics = topics;
    this.reads = reads;
    this.monitor = monitor;
  }

  void stop() {
    stopping = true;
    monitor.signal();
  }

  @Override
  public boolean step() {
    if (monitor.await(() -> stopping, LOOK_EVERY)) {
      return false;
    }
    try {
      NavigableSet<String> found = topics.find(topology);
      if (!found.isEmpty()) {
        LOG.atInfo().addKeyValue("topics", found).log("new topics match");
        reads.accept(topics.found(topology));
      }
    } catch (WorkerCannotStart notNow) {
      LOG.atWarn()
          .addKeyValue("cause", notNow.getMessage())
          .log("new topics have to wait for the cluster");
    }
    return true;
  }
}
