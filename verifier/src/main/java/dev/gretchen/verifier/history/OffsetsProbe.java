package dev.gretchen.verifier.history;

import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.truth.OffsetSample;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Asks the brokers how far the app's group has committed and how far the logs reach, and writes
/// the answers to the history.
///
/// Offsets are asked for as *stable*: a partition with an open transaction on its offset is left
/// out of the answer, which is not the same as having none (null), so it is asked for again. One
/// thread at a time.
public final class OffsetsProbe implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Admin admin;
  private final LogEnds logs;
  private final AppDescriptor app;
  private final InstantSource clock;

  /// @param offset -1 where the group has none
  private record Committed(long offset, String metadata) {
    static Committed of(@Nullable OffsetAndMetadata answer) {
      return answer == null
          ? new Committed(-1, "")
          : new Committed(answer.offset(), answer.metadata());
    }
  }

  private final JsonLines.Writer<OffsetSample> history;

  /// A probe that appends to a run's history.
  public OffsetsProbe(
      Map<String, Object> clientConfig, AppDescriptor app, RunDirectory run, InstantSource clock) {
    Map<String, Object> config = new HashMap<>(clientConfig);
    // short: whoever asks has a bound of its own, and asks again
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
    this.admin = Admin.create(config);
    this.logs = new LogEnds(admin);
    this.app = app;
    this.clock = clock;
    this.history = new JsonLines.Writer<>(run.offsets());
  }

  /// Takes a sample of every source partition of the app.
  ///
  /// @param last whether all is quiet behind the barrier
  /// @return the sample; partitions whose offset stayed unstable up to the time-out are left out
  public List<OffsetSample> sample(boolean last, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        return attempt(last, deadline);
      } catch (ExecutionException e) {
        if (System.nanoTime() >= deadline) {
          throw new KafkaException("the group's offsets cannot be read", e.getCause());
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  private List<OffsetSample> attempt(boolean last, long deadline)
      throws InterruptedException, ExecutionException {
    List<TopicPartition> partitions = logs.partitions(app.sources());
    Map<TopicPartition, Long> ends = logs.ends(partitions, IsolationLevel.READ_UNCOMMITTED);
    Map<TopicPartition, Long> stable = logs.ends(partitions, IsolationLevel.READ_COMMITTED);
    Map<TopicPartition, Committed> committed = committed(partitions);
    while (committed.size() < partitions.size() && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE);
      List<TopicPartition> unstable = new ArrayList<>(partitions);
      unstable.removeAll(committed.keySet());
      committed.putAll(committed(unstable));
    }
    List<OffsetSample> samples = new ArrayList<>();
    long now = clock.millis();
    for (TopicPartition tp : partitions) {
      Committed offset = committed.get(tp);
      if (offset != null) {
        OffsetSample sample =
            new OffsetSample(
                now,
                tp.topic(),
                tp.partition(),
                offset.offset(),
                ends.getOrDefault(tp, 0L),
                stable.getOrDefault(tp, 0L),
                last,
                offset.metadata());
        samples.add(sample);
        history.append(sample);
      }
    }
    return samples;
  }

  /// The ends for committed readers (LSO) of every partition of some topics.
  public Map<TopicPartition, Long> stableEnds(Collection<String> topics)
      throws InterruptedException {
    try {
      return logs.ends(logs.partitions(topics), IsolationLevel.READ_COMMITTED);
    } catch (ExecutionException e) {
      throw new KafkaException("the ends of the logs cannot be read", e.getCause());
    }
  }

  /// Waits until the app has nothing left to do: the observers have read every topic to its end,
  /// the group has committed all data of its sources, and no end has moved meanwhile.
  ///
  /// @return epoch milliseconds at which that was first seen, 0 where the time ran out
  public long awaitDrained(Observers observers, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < deadline) {
      long at = clock.millis();
      try {
        Map<TopicPartition, Long> ends = stableEnds(app.topics());
        if (observers.awaitCaughtUp(ends, Duration.ofNanos(deadline - System.nanoTime()))
            && committedAll(observers)
            && withoutAudit(stableEnds(app.topics())).equals(withoutAudit(ends))) {
          return at;
        }
      } catch (KafkaException _) {
        // the brokers did not answer in time: asked again until the deadline
      }
      Thread.sleep(PAUSE);
    }
    return 0;
  }

  private boolean committedAll(Observers observers) throws InterruptedException {
    Map<TopicPartition, Long> committed = new HashMap<>();
    for (OffsetSample sample : sample(false, Duration.ofSeconds(2))) {
      // none committed (-1) is enough for a partition that never held a record
      long reached = Math.max(0, sample.committed());
      committed.put(new TopicPartition(sample.topic(), sample.partition()), reached);
    }
    return observers.watches().stream()
        .filter(watch -> app.sources().contains(watch.topic()))
        .allMatch(watch ->
            watch.dataEnd()
                <= committed.getOrDefault(
                    new TopicPartition(watch.topic(), watch.partition()), 0L));
  }

  private Map<TopicPartition, Long> withoutAudit(Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> rest = new HashMap<>(ends);
    rest.keySet().removeIf(tp -> tp.topic().equals(app.auditTopic()));
    return rest;
  }

  /// Only stable offsets; -1 where the group has none.
  private Map<TopicPartition, Committed> committed(Collection<TopicPartition> partitions)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetAndMetadata> answer =
        admin
            .listConsumerGroupOffsets(
                Map.of(app.group(), new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)),
                new ListConsumerGroupOffsetsOptions().requireStable(true))
            .partitionsToOffsetAndMetadata(app.group())
            .get();
    Map<TopicPartition, Committed> committed = new HashMap<>();
    answer.forEach((tp, offset) -> committed.put(tp, Committed.of(offset)));
    return committed;
  }

  @Override
  public void close() {
    history.close();
    admin.close(Duration.ofSeconds(5));
  }
}
