package dev.gretchen.engine.internal.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/// The worker's meters. Nothing here is called once an event: tasks count for themselves and report
/// by activation.
public final class Meters {

  private static final Duration[] COMMIT_BUCKETS = {
    Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
    Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(5)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter retried = counter(registry, Meter.EVENTS_RETRIED);
  private final Counter deadLettered = counter(registry, Meter.EVENTS_DEAD);
  private final Timer commitTime =
      Timer.builder(Meter.COMMIT_SECONDS.text())
          .description(Meter.COMMIT_SECONDS.help())
          .serviceLevelObjectives(COMMIT_BUCKETS)
          .register(registry);

  /// Events of a topic were handled.
  public void handled(String topic, long events) {
    if (events > 0) {
      counter(registry, Meter.EVENTS_HANDLED, "topic", topic).increment(events);
    }
  }

  public void late(String table) {
    counter(registry, Meter.EVENTS_LATE, "table", table).increment();
  }

  public void channelFailed(String channel) {
    counter(registry, Meter.CHANNEL_FAILURES, "channel", channel).increment();
  }

  public void retried() {
    retried.increment();
  }

  public void deadLettered() {
    deadLettered.increment();
  }

  /// A transaction ended.
  ///
  /// @param outcome a word, such as `committed`
  public void committed(String outcome, long nanos) {
    counter(registry, Meter.COMMITS, "outcome", outcome).increment();
    commitTime.record(Duration.ofNanos(nanos));
  }

  public void sent(String kind, long records) {
    counter(registry, Meter.RECORDS_SENT, "kind", kind).increment(records);
  }

  /// The tables of a task are complete.
  ///
  /// @param bytes of keys and values
  /// @param readMillis in which they were read and stored
  public void recovered(long records, long bytes, long readMillis) {
    counter(registry, Meter.RECOVERIES).increment();
    counter(registry, Meter.RECOVERED_RECORDS).increment(records);
    counter(registry, Meter.RECOVERED_BYTES).increment(bytes);
    counter(registry, Meter.RECOVERY_SECONDS).increment(readMillis / 1_000.0);
  }

  public void wiped(String reason) {
    counter(registry, Meter.WIPES, "reason", reason).increment();
  }

  public void reset() {
    counter(registry, Meter.RESETS).increment();
  }

  /// Something was found or done about a peer.
  ///
  /// @param event a word, such as `suspected`
  public void watched(String event) {
    counter(registry, Meter.WATCHED, "event", event).increment();
  }

  /// Registers something that is read when the meters are.
  public void gauge(Meter meter, Supplier<Number> value, String... tags) {
    Gauge.builder(meter.text(), value).description(meter.help()).tags(tags).register(registry);
  }

  /// All meters as Prometheus text.
  public String scrape() {
    return registry.scrape();
  }

  private static Counter counter(MeterRegistry registry, Meter meter, String... tags) {
    return Counter.builder(meter.text()).description(meter.help()).tags(tags).register(registry);
  }
}
