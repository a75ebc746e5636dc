package dev.gretchen.bench.stage;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.Worker;
import dev.gretchen.engine.WorkerOptions;
import java.time.Duration;

/// An agent that calls a service for each event: `orders` -> a call -> one record in
/// `<name>-answers`, and a table that counts per key. The call is a timed wait, so that no client
/// is measured with it.
public final class CallStage {

  private CallStage() {}

  public static void main(String[] arguments) {
    Worker.main(arguments, CallStage::app);
  }

  private static App app(WorkerOptions options) {
    String name = options.take("name", "call-stage");
    int concurrency = Integer.parseInt(options.take("concurrency", "1"));
    Duration call = Duration.ofMillis(Long.parseLong(options.take("call", "50")));
    App app = App.named(name);
    Topic<String, String> orders = app.topic("orders", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> answers = app.topic(name + "-answers", Codecs.utf8(), Codecs.utf8());
    Table<String, Long> seen = app.table("seen", Codecs.utf8(), Codecs.int64(), () -> 0L);
    app.agent(
            "call",
            orders,
            order -> {
              order.sleep(call);
              long count = seen.merge(order.key(), 1L, Long::sum);
              answers.send(order.key(), order.value() + " " + count);
            })
        .uses(seen)
        .concurrency(concurrency);
    return app;
  }
}
