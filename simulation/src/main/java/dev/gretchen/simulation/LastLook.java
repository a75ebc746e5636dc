package dev.gretchen.simulation;

import dev.gretchen.engine.internal.http.HttpSurface;
import dev.gretchen.simulation.judge.CommittedOffset;
import dev.gretchen.simulation.judge.CommittedRecord;
import dev.gretchen.simulation.judge.SimFault;
import dev.gretchen.simulation.judge.SimulatedRun;
import dev.gretchen.simulation.judge.StoreContent;
import dev.gretchen.simulation.judge.TopicLog;
import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.SimKafka;
import dev.gretchen.testkit.sim.SimSurroundings;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.OffsetSample;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/// What logs, offsets and stores hold at the end of a simulation, as the judge wants it.
///
/// @param nanos virtual time
record LastLook(
    Schedule schedule,
    LoadPlan plan,
    SimKafka kafka,
    long nanos,
    SimulatedLoad load,
    List<SimulatedWorker> workers) {

  SimulatedRun take(List<SimFault> faults) {
    String group = schedule.setup().app().contract().group();
    Guarantee guarantee = Guarantee.parse(schedule.setup().guarantee().text());
    List<TopicLog> logs = new ArrayList<>();
    List<OffsetSample> ends = new ArrayList<>();
    long now = SimSurroundings.BEGINNING.toEpochMilli() + nanos / 1_000_000;
    for (Reply.Topic topic : kafka.topics().values()) {
      List<List<CommittedRecord>> partitions = new ArrayList<>();
      for (int i = 0; i < topic.partitions(); i++) {
        TopicPartition partition = new TopicPartition(topic.name(), i);
        partitions.add(kafka.everCommitted(partition).stream().map(CommittedRecord::of).toList());
        ends.add(
            new OffsetSample(
                now,
                topic.name(),
                i,
                kafka.committedOffset(group, partition),
                kafka.end(partition),
                kafka.stableEnd(partition),
                true));
      }
      logs.add(new TopicLog(topic.name(), partitions, true));
    }
    return new SimulatedRun(
        plan,
        guarantee,
        guarantee,
        logs,
        load.acks(),
        kafka.commits(group).stream().map(CommittedOffset::of).toList(),
        ends,
        stores(),
        faults);
  }

  private List<StoreContent> stores() {
    List<StoreContent> stores = new ArrayList<>();
    for (SimulatedWorker worker : workers) {
      HttpSurface surface = worker.surface();
      if (surface != null) {
        for (HttpSurface.HeldTable held : surface.tables()) {
          surface
              .open(held.table(), held.partition())
              .ifPresent(open -> {
                try (open) {
                  stores.add(content(worker.name(), open));
                }
              });
        }
      }
    }
    return stores;
  }

  private static StoreContent content(String worker, HttpSurface.OpenTable open) {
    List<StoreContent.Entry> entries = new ArrayList<>();
    open.snapshot().forEach((key, value) -> entries.add(new StoreContent.Entry(key, value)));
    HttpSurface.HeldTable held = open.held();
    return new StoreContent(
        held.table(),
        held.partition(),
        worker,
        held.role(),
        held.state(),
        open.snapshot().position().next(),
        entries);
  }
}
