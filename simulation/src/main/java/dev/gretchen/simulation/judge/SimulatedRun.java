package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.OffsetSample;
import java.util.List;

/// All that a simulated run leaves to be judged, taken when nothing moves any more: the load is
/// sent, every fault is healed, no transaction is open.
///
/// @param plan the load; the simulated producer sent exactly its events
/// @param guarantee what the app was set to
/// @param judgeAs what to judge it by
/// @param logs every topic of the descriptor but the audit topic
/// @param acks by input partition, in any order
/// @param commits of the app's group, in the order in which they became visible
/// @param ends where offsets and logs stand now, for each partition of each topic in `logs`; the
///   committed offset is -1 where the group has none
/// @param stores of every worker that lives now
/// @param faults what disturbed the run
public record SimulatedRun(
    LoadPlan plan,
    Guarantee guarantee,
    Guarantee judgeAs,
    List<TopicLog> logs,
    List<List<Ack>> acks,
    List<CommittedOffset> commits,
    List<OffsetSample> ends,
    List<StoreContent> stores,
    List<SimFault> faults) {

  public SimulatedRun {
    logs = List.copyOf(logs);
    acks = List.copyOf(acks);
    commits = List.copyOf(commits);
    ends = List.copyOf(ends);
    stores = List.copyOf(stores);
    faults = List.copyOf(faults);
  }

  /// Whether anything happened after which an at-least-once app may do work again.
  boolean mayRepeat() {
    return faults.stream().anyMatch(SimFault::excusesRepetition);
  }
}
