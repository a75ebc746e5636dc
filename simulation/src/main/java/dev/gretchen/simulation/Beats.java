package dev.gretchen.simulation;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Every;
import dev.gretchen.engine.Guarantee;
import dev.gretchen.engine.Topic;
import dev.gretchen.testkit.kafka.OffsetCommit;
import dev.gretchen.testkit.kafka.SimKafka;
import dev.gretchen.testkit.kafka.StoredRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// A timer beside the app, in every fourth schedule: at each moment the leader sends one record
/// that says which. The promise is easily judged: each moment once, in order, none left out,
/// whoever led, and they go on to the end.
final class Beats {

  private static final String TOPIC = "beats";
  private static final int EVERY_FOURTH = 4;

  /// Prime, so that what is looked at every other second is seen at each point between two moments.
  private static final long PERIOD_MILLIS = 251;

  /// From a moment to its commit, when nothing is wrong any more.
  private static final Duration LATE_MAX = Duration.ofSeconds(3);

  private static final int SHOWN_MAX = 3;

  private final Schedule schedule;
  private final SimKafka kafka;

  Beats(Schedule schedule, SimKafka kafka) {
    this.schedule = schedule;
    this.kafka = kafka;
  }

  private boolean isIn() {
    return Math.floorMod(schedule.seed(), EVERY_FOURTH) == 0;
  }

  void createTopic() {
    if (isIn()) {
      kafka.create(TOPIC, 1, Map.of());
    }
  }

  /// Adds the timer to an app.
  App on(App app) {
    if (isIn()) {
      Topic<String, Long> beats = app.topic(TOPIC, Codecs.utf8(), Codecs.int64());
      app.onLeader(
          "beat",
          Every.every(Duration.ofMillis(PERIOD_MILLIS)),
          tick -> beats.send("beat", tick.at().toEpochMilli()));
    }
    return app;
  }

  /// What is wrong, when all is at rest; at the most a few sentences.
  ///
  /// @param nowMillis by the brokers' clock
  List<String> anomalies(long nowMillis) {
    List<String> anomalies = new ArrayList<>();
    if (!isIn()) {
      return anomalies;
    }
    long before = -1;
    long begun = begun();
    for (StoredRecord record : kafka.everCommitted(new TopicPartition(TOPIC, 0))) {
      long moment = ByteBuffer.wrap(record.message().value()).getLong();
      if (moment < begun) {
        continue;
      }
      if (before >= 0 && !mayFollow(before, moment)) {
        anomalies.add(
            "timer: after the moment %d came %d, at offset %d; they are %d ms apart, and each is to fire once, in order"
                .formatted(before, moment, record.offset(), PERIOD_MILLIS));
      }
      before = Math.max(before, moment);
    }
    // whoever leads now may have a clock that is behind
    long due = nowMillis - LATE_MAX.toMillis() - schedule.setup().skewMillis();
    if (before < due) {
      anomalies.add(
          "timer: the last moment that fired is %d, %d ms before the end, though somebody leads"
              .formatted(before, nowMillis - before));
    }
    return anomalies.stream().limit(SHOWN_MAX).toList();
  }

  /// From where on nothing is left out. At least once, what the first leader sent may be seen
  /// though it never committed that it had begun; then the timers begin with the next one.
  private long begun() {
    return schedule.setup().guarantee() == Guarantee.EXACTLY_ONCE
        ? 0
        : kafka.commits(schedule.setup().app().contract().group()).stream()
            .filter(commit -> commit.partition().topic().endsWith("-leader"))
            .mapToLong(OffsetCommit::offset)
            .findFirst()
            .orElse(Long.MAX_VALUE);
  }

  /// At least once, what was sent may be sent again, late too, by one that was taken for dead.
  private boolean mayFollow(long before, long moment) {
    return moment == before + PERIOD_MILLIS
        || (schedule.setup().guarantee() == Guarantee.AT_LEAST_ONCE && moment <= before);
  }
}
