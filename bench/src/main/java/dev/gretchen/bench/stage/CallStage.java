package dev.gretchen.bench.stage;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.Worker;
import dev.gretchen.engine.WorkerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// An agent that calls a service for each event: `orders` -> a call -> one record in
/// `<name>-answers`, and a table that counts per key. The call is a timed wait, so that no client
/// is measured with it, or, where a service is named, a request over HTTP.
public final class CallStage {

  private static final int OK = 200;

  /// What stands for the service.
  private interface Service {
    void call(Event<String, String> order) throws Exception;
  }

  private CallStage() {}

  public static void main(String[] arguments) {
    Worker.main(arguments, CallStage::app);
  }

  private static App app(WorkerOptions options) {
    String name = options.take("name", "call-stage");
    int concurrency = Integer.parseInt(options.take("concurrency", "1"));
    Duration wait = Duration.ofMillis(Long.parseLong(options.take("call", "50")));
    String address = options.take("service", "");
    Service service = address.isEmpty() ? order -> order.sleep(wait) : at(URI.create(address));
    App app = App.named(name);
    Topic<String, String> orders = app.topic("orders", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> answers = app.topic(name + "-answers", Codecs.utf8(), Codecs.utf8());
    Table<String, Long> seen = app.table("seen", Codecs.utf8(), Codecs.int64(), () -> 0L);
    app.agent(
            "call",
            orders,
            order -> {
              service.call(order);
              long count = seen.merge(order.key(), 1L, Long::sum);
              answers.send(order.key(), order.value() + " " + count);
            })
        .uses(seen)
        .concurrency(concurrency);
    return app;
  }

  private static Service at(URI address) {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return order -> {
      HttpRequest request =
          HttpRequest.newBuilder(address)
              .POST(HttpRequest.BodyPublishers.ofString(order.value()))
              .build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != OK || !answer.body().equals(order.value())) {
        throw new IOException("asked for " + order.value() + ", was told " + answer.body());
      }
    };
  }
}
