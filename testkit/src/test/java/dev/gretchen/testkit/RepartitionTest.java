package dev.gretchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The topics between agents, seen from the brokers: how they are made, and that they do not grow.
class RepartitionTest {

  private static final String BETWEEN = "sales-by-customer-repartition";
  private static final int SOURCE_PARTITIONS = 3;

  private final Cluster cluster = new Cluster(7, SOURCE_PARTITIONS);
  private final App app = app(0);
  private final Slot slot = new Slot(app, cluster, TesterOptions.standard());
  private final Driver driver = driver(app, slot);

  /// @param partitions of the topic between, 0 by rule
  private static App app(int partitions) {
    App app = App.named("sales");
    Topic<String, String> orders = app.topic("orders", Codecs.utf8(), Codecs.utf8());
    Table<String, Long> total = app.table("total", Codecs.utf8(), Codecs.int64(), () -> 0L);
    app.agent(
            "sum",
            app.stream(orders).groupBy("by-customer", Codecs.utf8(), Event::value, partitions),
            event -> total.merge(event.key(), 1L, Long::sum))
        .uses(total);
    return app;
  }

  private Driver driver(App of, Slot on) {
    return new Driver(of.name(), cluster.scheduler(), on, new Standing(of.topology(), cluster, on));
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void hasAsManyPartitionsAsItsSourceAndItsTableToo() {
    start();
    assertThat(cluster.partitionsOf(BETWEEN)).hasSize(SOURCE_PARTITIONS);
    assertThat(cluster.partitionsOf("sales-total-changelog")).hasSize(SOURCE_PARTITIONS);
    assertThat(Objects.requireNonNull(cluster.kafka().topics().get(BETWEEN)).configuration())
        .as("by event time nothing may be deleted, it could be years old")
        .containsEntry("retention.ms", "-1");
  }

  @ParameterizedTest
  @CsvSource({"2", "5"})
  void keepsThePartitionsThatItHasWhateverItsSourcesHaveLater(int made) {
    cluster.kafka().create(BETWEEN, made, Map.of());
    start();
    pipe(30);
    driver.settle();
    assertThat(cluster.partitionsOf("sales-total-changelog")).hasSize(made);
  }

  @Test
  void isRefusedWhereTheAppSaysAnotherNumber() {
    App other = app(5);
    Slot refused = new Slot(other, cluster, TesterOptions.standard());
    cluster.kafka().create(BETWEEN, 2, Map.of());
    cluster.create("orders");

    assertThatThrownBy(() -> driver(other, refused).untilReady(refused::start))
        .hasMessageContaining(BETWEEN + " has 2 partitions, and app sales says 5")
        .hasMessageContaining("another name");
  }

  @Test
  void holdsNothingForLongThatWasHandled() {
    start();
    for (int round = 0; round < 3; round++) {
      pipe(60);
      driver.settle();
      driver.run(Duration.ofSeconds(31));
      assertThat(kept()).as("round " + round).isLessThanOrEqualTo(SOURCE_PARTITIONS);
    }
    driver.untilReady(() -> {
      slot.kill();
      slot.start();
    });
    pipe(60);
    driver.settle();
    long handled =
        cluster.partitionsOf(BETWEEN).stream()
            .mapToLong(each -> cluster.kafka().everCommitted(each).size())
            .sum();
    assertThat(handled).isEqualTo(240);
  }

  /// Records that a reader from the beginning would find.
  private long kept() {
    long kept = 0;
    for (TopicPartition each : cluster.partitionsOf(BETWEEN)) {
      kept += cluster.kafka().committed(each).size();
    }
    return kept;
  }

  private void start() {
    cluster.create("orders");
    driver.untilReady(slot::start);
  }

  private void pipe(int events) {
    for (int i = 0; i < events; i++) {
      cluster.append("orders", utf8("o" + i), utf8("c" + i % 7), 1_000, i);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
