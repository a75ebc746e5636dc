package dev.gretchen.testkit;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.Handler;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.WindowedTable;
import java.time.Duration;

/// A small app with everything that a tester meets: orders are routed to their customer, and summed
/// there in all and by hour. An order of nothing fails.
final class Shop {

  final App app = App.named("shop");

  final Topic<String, Order> orders = app.topic("orders", Codecs.utf8(), Codecs.json(Order.class));
  final Topic<String, Long> sales = app.topic("sales", Codecs.utf8(), Codecs.int64());
  final Topic<String, Long> sums = app.topic("sums", Codecs.utf8(), Codecs.int64());

  final Table<String, Long> total = app.table("total", Codecs.utf8(), Codecs.int64(), () -> 0L);
  final WindowedTable<String, Long> hourly =
      app.table("hourly", Codecs.utf8(), Codecs.int64(), () -> 0L)
          .tumbling(Duration.ofHours(1))
          .retained(Duration.ofHours(2));

  record Order(String customer, long amount) {}

  Shop() {
    this(_ -> {}, FailurePolicy.standard());
  }

  /// @param before runs before each order is routed
  Shop(Handler<String, Order> before, FailurePolicy policy) {
    app.agent(
            "route",
            orders,
            order -> {
              before.handle(order);
              if (order.value().amount() == 0) {
                throw new IllegalArgumentException("an order of nothing");
              }
              sales.send(order.value().customer(), order.value().amount());
            })
        .onFailure(policy);
    app.agent(
            "sum",
            sales,
            sale -> {
              long sum = total.merge(sale.key(), sale.value(), Long::sum);
              hourly.merge(sale.key(), sale.value(), Long::sum);
              sums.send(sale.key(), sum);
            })
        .uses(total)
        .uses(hourly);
  }
}
