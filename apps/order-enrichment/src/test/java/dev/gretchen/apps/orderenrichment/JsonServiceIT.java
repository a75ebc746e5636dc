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
    CountDownLatch end = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService executor = Executors.newCachedThreadPool();
    try (executor;
        AutoCloseable _ = () -> server.stop(0);
        AutoCloseable _ = end::countDown) {
      server.setExecutor(executor);
      server.createContext(
          "/",
          exchange -> {
            String attempt = exchange.getRequestHeaders().getFirst("Gretchen-Attempt");
            said.add(attempt);
            if (attempt.startsWith("1;")) {
              awaitQuietly(end);
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
              "w1",
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
      // on a busy machine the first may have timed out before it was here
      assertThat(said).isNotEmpty().allMatch(text -> text.matches("[1-9]\\d*;\\d+;w1;\\d{13}"));
      assertThat(said.getLast()).doesNotStartWith("1;");
      assertThat(Long.parseLong(said.getLast().split(";", -1)[1]))
          .isGreaterThanOrEqualTo(TIMEOUT.toMillis());
      assertThat(said)
          .filteredOn(text -> text.startsWith("1;"))
          .allMatch(text -> text.startsWith("1;0;w1;"));
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
