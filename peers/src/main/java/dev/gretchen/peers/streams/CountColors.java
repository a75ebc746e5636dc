package dev.gretchen.peers.streams;

import dev.gretchen.peers.contract.EventId;
import dev.gretchen.peers.contract.Tally;
import dev.gretchen.peers.contract.Windows;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/// Counts colours in all and by minute, and forwards each colour's tally after each of its events:
/// one processor with two stores, the shortest path that Kafka Streams has. One instance a task.
final class CountColors implements Processor<String, String, String, Tally> {

  static final String TOTAL = "color-total";
  static final String MINUTE = "color-minute";

  private @Nullable ProcessorContext<String, Tally> context;
  private @Nullable KeyValueStore<String, Tally> total;
  private @Nullable WindowStore<String, Tally> minute;
  private long streamTime = Long.MIN_VALUE;

  @Override
  public void init(ProcessorContext<String, Tally> given) {
    context = given;
    total = given.getStateStore(TOTAL);
    minute = given.getStateStore(MINUTE);
  }

  @Override
  public void process(Record<String, String> color) {
    long id = EventId.of(color.headers());
    String key = color.key();
    KeyValueStore<String, Tally> totals = Objects.requireNonNull(total);
    Tally before = totals.get(key);
    Tally after = (before == null ? Tally.zero() : before).plus(id);
    totals.put(key, after);
    countMinute(key, color.timestamp(), id);
    Objects.requireNonNull(context).forward(color.withValue(after));
  }

  private void countMinute(String key, long timestamp, long id) {
    WindowStore<String, Tally> minutes = Objects.requireNonNull(minute);
    long known = Objects.requireNonNull(context).currentStreamTimeMs();
    streamTime = Math.max(streamTime, Math.max(known, timestamp));
    long start = Windows.start(timestamp);
    if (Windows.isExpired(start, streamTime)) {
      return;
    }
    Tally before = minutes.fetch(key, start);
    minutes.put(key, (before == null ? Tally.zero() : before).plus(id), start);
  }
}
