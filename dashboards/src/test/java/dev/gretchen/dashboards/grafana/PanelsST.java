package dev.gretchen.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.gretchen.chaos.broker.Ports;
import dev.gretchen.dashboards.demo.Demo;
import dev.gretchen.dashboards.demo.Demonstrations;
import dev.gretchen.engine.Meter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real Prometheus, with the configuration that is checked in, scrapes real workers of
/// word-colors and what a run tells; then every query of every dashboard is asked.
class PanelsST {

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String RUNS_ADDRESS = "127.0.0.1:9180";

  /// What word-colors cannot tell: it declares no channel whose losses could be counted.
  private static final Set<Meter> OF_OTHER_APPS = EnumSet.of(Meter.CHANNEL_FAILURES);

  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void eachQueryOfEachPanelReturnsData() throws Exception {
    PrometheusTools.assumeInstalled();
    int port = Ports.free(1).getFirst();
    HttpServer runs = serveRun();
    Path targets = Files.createDirectories(folder.resolve("targets")).resolve("demo.json");
    try (Demo demo = Demonstrations.open(folder.resolve("runs"), 2, 200, targets)) {
      Process prometheus = start(port, runs.getAddress().getPort());
      try {
        URI base = URI.create("http://127.0.0.1:" + port);
        // a rate needs two scrapes after the first event, and a fault something to be marked with
        awaitData(base, "sum(rate(gretchen_events_handled_total[20s])) > 0");
        press(demo, "kill?worker=w1");
        awaitData(base, "gretchen_fault_active{kind=\"kill-worker\"} == 1");
        press(demo, "start?worker=w1");
        awaitData(base, "count(up{job=\"gretchen-workers\"} == 1) == 2");
        awaitData(base, "sum(rate(gretchen_commit_seconds_count[20s])) > 0");
        awaitData(base, "verify_run_status");
        assertThat(withoutData(base)).isEmpty();
      } finally {
        prometheus.destroy();
        prometheus.waitFor(10, TimeUnit.SECONDS);
        prometheus.destroyForcibly();
      }
    } finally {
      runs.stop(0);
      http.shutdownNow();
    }
  }

  private List<String> withoutData(URI prometheus) throws Exception {
    List<String> empty = new ArrayList<>();
    for (Dashboard dashboard : GeneratedFiles.dashboards()) {
      for (Panel panel : dashboard.panels()) {
        for (Panel.Target target : panel.targets()) {
          String query = Variables.substituted(target.query().text());
          if (OF_OTHER_APPS.stream().anyMatch(meter -> query.contains(meter.exposed()))) {
            continue;
          }
          JsonNode answer = ask(prometheus, query);
          if (answer.path("data").path("result").isEmpty()) {
            empty.add(dashboard.title() + ", " + panel.title() + ": " + query + " " + answer);
          }
        }
      }
    }
    return empty;
  }

  private void awaitData(URI prometheus, String query) {
    await("data for " + query)
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptionsMatching(failure -> failure instanceof IOException) // it is starting
        .until(() -> !ask(prometheus, query).path("data").path("result").isEmpty());
  }

  private JsonNode ask(URI prometheus, String query) throws Exception {
    URI address =
        prometheus.resolve(
            "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    String answer =
        http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    return JsonMapper.shared().readTree(answer);
  }

  private void press(Demo demo, String deed) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(demo.address().resolve("/do/" + deed))
                .header("Gretchen-Deed", "yes")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  /// The configuration as it is checked in, but for where the runs are served, and scraped more
  /// often.
  private Process start(int port, int runsPort) throws IOException {
    Path checkedIn = Path.of("prometheus").toAbsolutePath();
    String configuration = Files.readString(checkedIn.resolve("prometheus.yml"));
    assertThat(configuration).contains(RUNS_ADDRESS, "scrape_interval: 5s", "scrape_interval: 30s");
    Files.writeString(
        folder.resolve("prometheus.yml"),
        configuration
            .replace(RUNS_ADDRESS, "127.0.0.1:" + runsPort)
            .replace("scrape_interval: 30s", "scrape_interval: 2s")
            .replace("scrape_interval: 5s", "scrape_interval: 2s")
            .replace("refresh_interval: 5s", "refresh_interval: 1s"));
    Files.copy(checkedIn.resolve("alerts.yml"), folder.resolve("alerts.yml"));
    return new ProcessBuilder(
            PrometheusTools.find("prometheus").orElseThrow().toString(),
            "--config.file=" + folder.resolve("prometheus.yml"),
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("prometheus.log").toFile())
        .start();
  }

  private static HttpServer serveRun() throws IOException {
    byte[] text = RecordedVerdict.metrics().getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange
              .getResponseHeaders()
              .add("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8");
          exchange.sendResponseHeaders(200, text.length);
          try (var body = exchange.getResponseBody()) {
            body.write(text);
          }
        });
    server.start();
    return server;
  }
}
