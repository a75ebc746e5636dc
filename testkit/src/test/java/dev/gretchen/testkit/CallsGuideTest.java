package dev.gretchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Answering;
import dev.gretchen.engine.App;
import dev.gretchen.engine.Channel;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The examples of `docs/calls.md`, as they stand there.
class CallsGuideTest {

  private final App app = App.named("guide");

  record Order(String article, long quantity) {}

  @Test
  void anOrderTakesFromTheStock() {
    Topic<String, Order> orders = app.topic("orders", Codecs.utf8(), Codecs.json(Order.class));
    Topic<String, Long> stock = app.topic("stock", Codecs.utf8(), Codecs.int64());
    Topic<String, Long> confirmed = app.topic("confirmed", Codecs.utf8(), Codecs.int64());
    Table<String, Long> left = app.table("left", Codecs.utf8(), Codecs.int64(), () -> 100L);

    Answering<String, Long, Long> taking =
        app.answering(
            "take",
            stock,
            Codecs.int64(),
            question -> left.merge(question.key(), -question.value(), Long::sum));
    taking.agent().uses(left).concurrency(16);

    app.agent(
            "order",
            orders,
            order -> {
              long remaining =
                  taking
                      .ask(order.value().article(), order.value().quantity(), Duration.ofSeconds(5))
                      .orElseThrow();
              confirmed.send(order.key(), remaining);
            })
        .concurrency(64);

    try (AppTester tester = AppTester.of(app)) {
      tester.pipe("orders", "o1", new Order("ink", 30)).read("confirmed");
      tester.pipe("orders", "o2", new Order("ink", 20));
      assertThat(tester.read("confirmed")).extracting(TestRecord::value).containsExactly(50L);
    }
  }

  @Test
  void aPageShowsWhatIsCounted() {
    Topic<String, String> clicks = app.topic("clicks", Codecs.utf8(), Codecs.utf8());
    Table<String, Long> total = app.table("total", Codecs.utf8(), Codecs.int64(), () -> 0L);
    Page page = new Page();

    Channel<Long> shown = app.channel("shown", 1_000);

    app.agent("count", clicks, click -> shown.send(total.merge(click.key(), 1L, Long::sum)))
        .uses(total);
    app.agent("show", shown, page::update);

    try (AppTester tester = AppTester.of(app)) {
      tester.pipe("clicks", "k", "a").pipe("clicks", "k", "b").advance(Duration.ofSeconds(5));
    }
    assertThat(page.values).containsExactly(1L, 2L);
  }

  private static final class Page {
    final List<Long> values = new ArrayList<>();

    void update(long value) {
      values.add(value);
    }
  }
}
