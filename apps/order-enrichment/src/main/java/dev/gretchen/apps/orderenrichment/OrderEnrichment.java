package dev.gretchen.apps.orderenrichment;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.WindowedTable;
import dev.gretchen.engine.Worker;
import dev.gretchen.engine.WorkerOptions;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;

/// Holds orders against the market, confirms them by mail, and answers searches: calls to the
/// outside, with effects that are exactly-once.
public final class OrderEnrichment {

  /// Events of a partition that wait for the outside at a time. Each service has a bound of its own
  /// beside it ([CallLimits]); orders of one symbol keep their order.
  private static final int CALLS_AT_A_TIME = 64;

  private OrderEnrichment() {}

  public static void main(String[] arguments) {
    Worker.main(arguments, OrderEnrichment::app);
  }

  private static App app(WorkerOptions options) {
    return app(
        new InfluxPrices(
            service(options, "influxdb", "http://localhost:8086"),
            options.take("influxdb-database", "market")),
        new HttpMailer(service(options, "mailer", "http://localhost:8025")),
        new ElasticDocuments(
            service(options, "search", "http://localhost:9200"),
            options.take("search-index", "documents")));
  }

  private static JsonService service(WorkerOptions options, String service, String byDefault) {
    String address = options.take(service, byDefault);
    if (!address.matches("https?://[^/ ]+/?")) {
      throw new IllegalArgumentException(
          "--" + service + ": expected http://HOST:PORT, found '" + address + "'");
    }
    return new JsonService(
        service, URI.create(address), options.worker(), CallLimits.of(options, service));
  }

  /// The app: `orders` -> price, mail -> `order-quality`; `search-queries` -> `search-results`.
  public static App app(Prices prices, Mailer mailer, Documents documents) {
    App app = App.named("order-enrichment");
    // calls are tried again by their own limits; what fails in spite of them is a dead letter
    FailurePolicy once = new FailurePolicy.DeadLetter(0, Duration.ZERO);

    Topic<String, Order> orders = app.topic("orders", Codecs.utf8(), Codecs.json(Order.class));
    Topic<String, Quality> quality =
        app.topic("order-quality", Codecs.utf8(), Codecs.json(Quality.class));
    Topic<String, String> queries = app.topic("search-queries", Codecs.utf8(), Codecs.utf8());
    Topic<String, TopHit> results =
        app.topic("search-results", Codecs.utf8(), Codecs.json(TopHit.class));

    Table<String, Totals> bySymbol =
        app.table("symbol-total", Codecs.utf8(), Codecs.json(Totals.class), Totals::zero);
    WindowedTable<String, Totals> byMinute =
        app.table("symbol-minute", Codecs.utf8(), Codecs.json(Totals.class), Totals::zero)
            .tumbling(Duration.ofMinutes(1))
            .retained(Duration.ofHours(1));

    app.agent(
            "enrich",
            orders,
            event -> {
              String symbol = event.key();
              Order order = event.value();
              Quote quote =
                  prices
                      .at(symbol, event.timestamp(), id(event))
                      .orElseThrow(() ->
                          new DependencyFailure(
                              "influxdb",
                              "no price of " + symbol + " at or before " + event.timestamp()));
              long mail = mailer.confirm(id(event), symbol, order, event.idempotencyKey());
              Totals.Done done = new Totals.Done(event.id(), order.quantity());
              bySymbol.merge(symbol, done, Totals::plus);
              byMinute.merge(symbol, done, Totals::plus);
              quality.send(symbol, Quality.of(order, quote, mail));
            })
        .uses(bySymbol)
        .uses(byMinute)
        .concurrency(CALLS_AT_A_TIME)
        .onFailure(once);

    app.agent(
            "search",
            queries,
            event -> results.send(event.key(), documents.search(event.value(), id(event))))
        .concurrency(CALLS_AT_A_TIME)
        .onFailure(once);

    return app;
  }

  /// Names an event to services, the same at each retry.
  private static String id(Event<?, ?> event) {
    return HexFormat.of().toHexDigits(event.id());
  }
}
