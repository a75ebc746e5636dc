package dev.gretchen.engine.internal.observe;

import dev.gretchen.engine.Meter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The worker's meters, registered as [Meter] describes them. Nothing here is called once an event:
/// tasks count for themselves and report by activation.
public final class Meters {

  private static final Duration[] COMMIT_BUCKETS = {
    Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
    Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(5)
  };

  private static final double NANOS_PER_SECOND = 1e9;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Timer commitTime =
      Timer.builder(Meter.COMMIT_SECONDS.text())
          .description(Meter.COMMIT_SECONDS.help())
          .serviceLevelObjectives(COMMIT_BUCKETS)
          .register(registry);

  public Meters() {
    for (Meter meter : Meter.values()) {
      // what the process counts by itself is registered below
      if (meter.kind() == Meter.Kind.COUNTER && meter.isClosed() && meter != Meter.CPU_SECONDS) {
        begin(meter, List.of());
      }
    }
    process();
  }

  /// Registers a counter for each combination of its labels' values.
  private void begin(Meter meter, List<String> chosen) {
    if (chosen.size() == meter.labels().size()) {
      counter(meter, chosen.toArray(String[]::new));
      return;
    }
    for (String value : meter.labels().get(chosen.size()).values()) {
      List<String> more = new ArrayList<>(chosen);
      more.add(value);
      begin(meter, more);
    }
  }

  private void process() {
    gauge(
        Meter.HEAP_BYTES, () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean process) {
      FunctionCounter.builder(
              Meter.CPU_SECONDS.text(),
              process,
              bean -> bean.getProcessCpuTime() / NANOS_PER_SECOND)
          .description(Meter.CPU_SECONDS.help())
          .register(registry);
    }
  }

  /// Has a counter stand at 0 until something happens, where its labels' values were not known to
  /// [Meter], but are to a worker.
  public void expect(Meter meter, String... labels) {
    counter(meter, labels);
  }

  /// Events of a topic were handled.
  public void handled(String topic, long events) {
    if (events > 0) {
      counter(Meter.EVENTS_HANDLED, topic).increment(events);
    }
  }

  public void late(String table) {
    counter(Meter.EVENTS_LATE, table).increment();
  }

  public void channelFailed(String channel) {
    counter(Meter.CHANNEL_FAILURES, channel).increment();
  }

  public void retried() {
    counter(Meter.EVENTS_RETRIED).increment();
  }

  public void deadLettered() {
    counter(Meter.EVENTS_DEAD).increment();
  }

  /// A transaction ended.
  ///
  /// @param outcome a word, such as `committed`
  public void committed(String outcome, long nanos) {
    counter(Meter.COMMITS, outcome).increment();
    commitTime.record(Duration.ofNanos(nanos));
  }

  public void sent(String kind, long records) {
    counter(Meter.RECORDS_SENT, kind).increment(records);
  }

  /// The tables of a task are complete.
  ///
  /// @param bytes of keys and values
  /// @param readMillis in which they were read and stored
  public void recovered(long records, long bytes, long readMillis) {
    counter(Meter.RECOVERIES).increment();
    counter(Meter.RECOVERED_RECORDS).increment(records);
    counter(Meter.RECOVERED_BYTES).increment(bytes);
    counter(Meter.RECOVERY_SECONDS).increment(readMillis / 1_000.0);
  }

  public void wiped(String reason) {
    counter(Meter.WIPES, reason).increment();
  }

  public void reset() {
    counter(Meter.RESETS).increment();
  }

  /// Something was found or done about a peer.
  ///
  /// @param event a word, such as `suspected`
  public void watched(String event) {
    counter(Meter.WATCHED, event).increment();
  }

  /// Registers something that is read when the meters are.
  ///
  /// @param labels a value for each label of the meter, in their order
  public void gauge(Meter meter, Supplier<Number> value, String... labels) {
    Gauge.builder(meter.text(), value)
        .description(meter.help())
        .tags(tags(meter, labels))
        .register(registry);
  }

  /// All meters as Prometheus text.
  public String scrape() {
    return registry.scrape();
  }

  private Counter counter(Meter meter, String... labels) {
    return Counter.builder(meter.text())
        .description(meter.help())
        .tags(tags(meter, labels))
        .register(registry);
  }

  private static List<Tag> tags(Meter meter, String... values) {
    List<Meter.Label> labels = meter.labels();
    if (values.length != labels.size()) {
      throw new IllegalArgumentException(
          "%s has the labels %s, found %d values: give one for each"
              .formatted(
                  meter.text(), labels.stream().map(Meter.Label::name).toList(), values.length));
    }
    List<Tag> tags = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      List<String> known = labels.get(i).values();
      if (!known.isEmpty() && !known.contains(values[i])) {
        throw new IllegalArgumentException(
            "%s has no %s '%s', only %s: add it to Meter, which the dashboards are made from"
                .formatted(meter.text(), labels.get(i).name(), values[i], known));
      }
      tags.add(Tag.of(labels.get(i).name(), values[i]));
    }
    return tags;
  }
}
