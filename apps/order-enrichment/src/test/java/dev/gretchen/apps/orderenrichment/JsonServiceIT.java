package dev.gretchen.apps.orderenrichment;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class JsonServiceIT {

  private static final Duration TIMEOUT = Duration.ofMillis(300);

  /// Without it nobody but the caller could know that its time-out had passed.
  @Test
  void saysWhichAttemptACallIsAndHowLongAgoTheOneBeforeBegan() throws Exception {
    List<String> said = new CopyOnWriteArrayList<>();
    CountDownLatch second = new CountDownLatch(2);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try (ExecutorService executor = Executors.newCachedThreadPool()) {
      server.setExecutor(executor);
      server.createContext(
          "/",
          exchange -> {
            said.add(exchange.getRequestHeaders().getFirst("Gretchen-Attempt"));
            second.countDown();
            try {
              // the first call is not answered before the next one is there
              second.await();
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
            byte[] answer = {'{', '}'};
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
          });
      server.start();
      JsonService service =
          new JsonService(
              "it",
              URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
              new CallLimits(
                  TIMEOUT,
                  Duration.ofSeconds(20),
                  Duration.ofMillis(5),
                  4,
                  16,
                  Duration.ofSeconds(1)));

      boolean answered =
          service.post("/", Map.of(), "{}", answer -> answer.response().statusCode() == 200);

      assertThat(answered).isTrue();
      assertThat(said.getFirst()).isEqualTo("1;0");
      assertThat(said.get(1)).matches("2;\\d+");
      assertThat(Long.parseLong(said.get(1).substring(2)))
          .isGreaterThanOrEqualTo(TIMEOUT.toMillis());
    } finally {
      server.stop(0);
    }
  }
}
