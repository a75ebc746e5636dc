package dev.gretchen.verifier.truth;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/// What was observed of one run, wherever it is kept: a run directory, or memory.
///
/// Every method may be called as often as a checker wants and gives the same each time.
public interface History extends AckedEvents {

  /// The committed log of a topic; one without partitions where it was never observed.
  PartitionedLog log(String topic);

  /// What was read of the group's offsets, of all topics, in the order in which it was read.
  Iterator<OffsetSample> offsets();

  /// The calls that services saw, in the order of their ends.
  default Iterator<ServiceCall> calls() {
    return Collections.emptyIterator();
  }

  /// The mails that a mailer says it has sent, in the order of their sending.
  default Iterator<Mail> mails() {
    return Collections.emptyIterator();
  }

  /// What the clients of a chat saw, in the order in which it was written down.
  default Iterator<Sighting> sightings() {
    return Collections.emptyIterator();
  }

  /// The last word of each worker on each table partition, by table, partition and worker.
  List<StoreSnapshot> stores();
}
