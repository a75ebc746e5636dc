package dev.gretchen.engine.internal.membership;

import dev.gretchen.engine.internal.recovery.StandbyTask;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.topology.Topology;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes table partitions from the disk that neither a task here nor a standby has use for.
///
/// One that is a prefix of its changelog makes this worker the warmer choice if its task comes
/// back, so it stays as long as the changelog keeps tombstones: after that it would be thrown away
/// anyhow. One of a table that the app no longer has stays for as long, so that a deployment that
/// is taken back finds its state. One whose changelog was made anew is of no use, nor is an empty
/// one.
///
/// Nothing is removed before it has been out of use for [#UNUSED_FOR] in this process: a commit
/// that began before its task left may still end, and writes to its store.
///
/// On the polling thread, which also makes tasks and standbys.
public final class Orphans {

  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

  /// Far beyond what a commit under way may take.
  static final Duration UNUSED_FOR = Duration.ofMinutes(10);

  static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  private final Topology topology;
  private final Store store;
  private final TaskTable tasks;
  private final Placement placement;
  private final Function<String, Uuid> changelogId;
  private final Duration kept;
  private final Surroundings surroundings;
  private final Map<Store.Name, Long> unusedSince = new HashMap<>();
  private long lookAt;

  /// @param changelogId the topic id of a changelog now
  /// @param kept for how long an orphan stays, at least as long as changelogs keep tombstones
  public Orphans(
      Topology topology,
      Store store,
      TaskTable tasks,
      Placement placement,
      Function<String, Uuid> changelogId,
      Duration kept,
      Surroundings surroundings) {
    this.topology = topology;
    this.store = store;
    this.tasks = tasks;
    this.placement = placement;
    this.changelogId = changelogId;
    this.kept = kept;
    this.surroundings = surroundings;
    this.lookAt = surroundings.nanoTime() + LOOK_EVERY.toNanos();
  }

  /// Looks every minute, and does nothing in between; to be called before each poll.
  public void tidy() {
    long now = surroundings.nanoTime();
    if (now < lookAt) {
      return;
    }
    lookAt = now + LOOK_EVERY.toNanos();
    Set<Store.Name> used = used();
    List<Store.Name> held = store.held();
    unusedSince.keySet().retainAll(held);
    unusedSince.keySet().removeAll(used);
    for (Store.Name name : held) {
      if (!used.contains(name)
          && now - unusedSince.computeIfAbsent(name, _ -> now) >= UNUSED_FOR.toNanos()
          && isUseless(name)
          && store.drop(name)) {
        unusedSince.remove(name);
        LOG.atInfo()
            .addKeyValue("partition", name)
            .log("removed a table partition that nobody here has use for any more");
      }
    }
  }

  private Set<Store.Name> used() {
    Set<Store.Name> used = new HashSet<>();
    for (Task task : tasks.all()) {
      use(task.id(), used);
    }
    for (StandbyTask standby : placement.standbys()) {
      use(standby.id(), used);
    }
    return used;
  }

  private void use(TaskId task, Set<Store.Name> used) {
    for (TableSpec table : topology.tablesByTopic().getOrDefault(task.topic(), List.of())) {
      used.add(new Store.Name(table.name(), task.partition()));
    }
  }

  private boolean isUseless(Store.Name name) {
    Position position = store.partition(name.table(), name.partition()).position();
    boolean isTable =
        topology.tablesByTopic().values().stream()
            .anyMatch(tables -> tables.stream().anyMatch(spec -> spec.name().equals(name.table())));
    return position.equals(Position.NOTHING)
        || surroundings.clock().millis() - position.caughtUpAt() > kept.toMillis()
        || (isTable
            && !position.topicId().equals(changelogId.apply(topology.changelog(name.table()))));
  }
}
