package dev.gretchen.testkit.kafka;

import dev.gretchen.testkit.sim.Scheduler;
import org.apache.kafka.common.TopicPartition;

/// Writes the markers that end transactions, as they arrive: into the log of a partition, whose
/// waiting fetches may then have their answer, or among the offsets of a group.
///
/// A marker for a partition that was deleted meanwhile is dropped.
record MarkerWriter(Scheduler scheduler, Topics topics, Groups groups, Fetches fetches)
    implements Transactions.Markers {

  @Override
  public void partition(TopicPartition partition, long producerId, short epoch, boolean commit) {
    Log log = topics.log(partition);
    if (log != null) {
      log.mark(producerId, epoch, commit, scheduler.now());
      note(commit ? "commit marker" : "abort marker", partition.hashCode(), log.end());
      fetches.look();
    }
  }

  @Override
  public void group(String group, long producerId, boolean commit) {
    groups.offsets(group).end(producerId, commit, scheduler.now());
    note(commit ? "offsets committed" : "offsets aborted", producerId, 0);
  }

  private void note(String what, long first, long second) {
    scheduler.note(scheduler.world(), what, first, second);
  }
}
