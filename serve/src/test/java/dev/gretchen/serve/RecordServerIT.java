package dev.gretchen.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.verifier.progress.ProgressFile;
import dev.gretchen.verifier.soak.Campaign;
import dev.gretchen.verifier.soak.SoakFolder;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// A server over a folder of runs, asked over real sockets.
class RecordServerIT {

  static final String TOKEN = "a token of sixteen or more";

  /// In the place of `./gretchen soak`: goes on until it is told to stop.
  private static final List<String> SLEEPER =
      List.of("sh", "-c", "echo \"$@\"; trap 'exit 130' TERM; sleep 300 & wait", "soak");

  @TempDir private Path runs;
  private @Nullable RecordServer server;

  @BeforeEach
  void recordRuns() throws Exception {
    RunsOnDisk disk = new RunsOnDisk(runs);
    disk.at("c1").passed(1, 200);
    disk.at("c2").passed(2, 300);
    disk.failed(3, "event <b>7</b> was counted twice");
    disk.of("order-enrichment").passed(4, 400);
    disk.begun(5);
  }

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
  }

  private Http open() {
    return open(Optional.of(TOKEN));
  }

  private Http open(Optional<String> token) {
    RecordServer opened =
        RecordServer.open(
            new ServeOptions(runs, InetAddress.getLoopbackAddress(), 0, token, SLEEPER),
            InstantSource.system());
    server = opened;
    return new Http(opened.address());
  }

  // pages

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/?app=word-colors&verdict=FAIL",
        "/runs/word-colors~run-1",
        "/runs/order-enrichment~run-5",
        "/compare?run=word-colors~run-1&run=word-colors~run-3",
        "/trends",
        "/trends?by=run&app=word-colors",
        "/trends?by=day",
        "/live",
        "/campaigns"
      })
  void everyPageIsForbiddenWhateverItDoesNotNeed(String path) throws Exception {
    HttpResponse<String> page = open().get(path);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).startsWith("<!DOCTYPE html>").contains("</html>");
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("Server")).isEmpty();
  }

  @Test
  void filtersRuns() throws Exception {
    Http http = open();

    assertThat(http.get("/?verdict=FAIL").body())
        .contains("word-colors/run-3", "event &lt;b&gt;7&lt;/b&gt; was counted twice")
        .doesNotContain("word-colors/run-1");
    assertThat(seeds(http, "")).containsExactly(5L, 4L, 3L, 2L, 1L);
    assertThat(seeds(http, "?app=word-colors")).containsExactly(3L, 2L, 1L);
    assertThat(seeds(http, "?verdict=FAIL,PASS&app=word-colors")).containsExactly(3L, 2L, 1L);
    assertThat(seeds(http, "?commit=c1")).containsExactly(1L);
    assertThat(seeds(http, "?fault=kill-owner&limit=1")).containsExactly(4L);
    assertThat(seeds(http, "?seed=2")).containsExactly(2L);
    assertThat(seeds(http, "?violation=output-exact")).containsExactly(3L);
    assertThat(seeds(http, "?until=2026-02-03T14:06:00Z")).containsExactly(1L);
  }

  private static List<Long> seeds(Http http, String query) throws Exception {
    return http.json("/api/runs" + query)
        .path("runs")
        .valueStream()
        .map(run -> run.path("seed").asLong())
        .toList();
  }

  @Test
  void showsARunWithItsReport() throws Exception {
    Http http = open();
    String page = http.get("/runs/word-colors~run-3").body();

    assertThat(page)
        .contains(
            "FAIL", "kill-owner", "<iframe src=\"/runs/word-colors~run-3/files/report.html\"");
    HttpResponse<String> report = http.get("/runs/word-colors~run-3/files/report.html");
    assertThat(report.statusCode()).isEqualTo(200);
    assertThat(report.body())
        .isEqualTo(Files.readString(runs.resolve("word-colors/run-3/report.html")));
    assertThat(report.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("sandbox", "default-src 'none'", "frame-ancestors 'self'")
        .doesNotContain("allow-");
    assertThat(
            http.get("/runs/word-colors~run-3/files/logs/w1.log")
                .headers()
                .firstValue("Content-Type"))
        .contains("text/plain; charset=utf-8");
  }

  /// As they go over the wire: a client would put them right first.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/runs/word-colors~run-1/files/../../../secret.txt",
        "/runs/word-colors~run-1/files/..%2f..%2fsecret.txt",
        "/runs/word-colors~run-1/files/%2e%2e/%2e%2e/secret.txt",
        "/runs/word-colors~run-1/files/logs/..;/..;/secret.txt",
        "/runs/word-colors~run-1/files//etc/passwd",
        "/runs/../secret.txt",
        "/runs/..~secret.txt",
        "/api/runs/word-colors~run-1/files/%2e%2e%2fenv.json",
        "/assets/../secret.txt",
        "/secret.txt",
        "/.record.db"
      })
  void givesOutNothingFromElsewhere(String path) throws Exception {
    Files.writeString(runs.resolve("secret.txt"), "the secret of this folder");

    String answer = raw(open(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");

    assertThat(answer).matches("(?s)HTTP/1\\.1 (400|404) .*").doesNotContain("the secret");
  }

  @Test
  void onLoopbackIsAskedByNoOtherName() throws Exception {
    Http http = open();

    assertThat(raw(http, "GET /api/runs HTTP/1.1\r\nHost: rebound.example.org\r\n"))
        .startsWith("HTTP/1.1 421 ")
        .contains("answers to localhost")
        .doesNotContain("word-colors");
  }

  private static String raw(Http http, String request) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.server().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write((request + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
      try (InputStream in = socket.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }

  // the API

  @Test
  void comparesAndFollows() throws Exception {
    Http http = open();

    JsonNode compared = http.json("/api/compare?run=word-colors~run-1&run=word-colors~run-2");
    assertThat(
            compared
                .path("lines")
                .valueStream()
                .filter(line -> line.path("differs").asBoolean())
                .map(line -> line.path("name").asString()))
        .contains("commit", "seed", "kill-owner, silence p99")
        .doesNotContain("app", "verdict");
    JsonNode trends = http.json("/api/trends?app=word-colors");
    assertThat(trends.path("points").valueStream().map(point -> point.path("group").asString()))
        .containsExactly("c1", "c2");
    assertThat(trends.at("/points/0/faults/0/silence/p50").asLong()).isEqualTo(200);
    assertThat(trends.at("/points/1/failed").asLong()).isEqualTo(1);
  }

  @Test
  void says300CleanRunsBoundTheFailureRateBelowOnePercent() throws Exception {
    RunsOnDisk disk = new RunsOnDisk(runs).of("clean");
    for (int seed = 0; seed < 300; seed++) {
      disk.passed(seed, 100);
    }
    Http http = open();

    JsonNode rate = http.json("/api/runs?app=clean&limit=1").path("failureRate");
    assertThat(rate.path("runs").asLong()).isEqualTo(300);
    assertThat(rate.path("bound").asDouble()).isBetween(0.009, 0.01);
    assertThat(rate.path("cleanRunsForOnePercent").asLong()).isEqualTo(299);
    assertThat(http.get("/?app=clean").body()).contains("at most 0.994 % of such runs fail.");
  }

  @Test
  void refusesInOneSentenceInTheFormThatWasAskedFor() throws Exception {
    Http http = open();

    HttpResponse<String> api = http.get("/api/runs?limit=many");
    assertThat(api.statusCode()).isEqualTo(400);
    assertThat(Http.json(api).path("error").asString())
        .isEqualTo("limit: expected 1 to 1000, found 'many'");
    HttpResponse<String> page = http.get("/runs/none");
    assertThat(page.statusCode()).isEqualTo(404);
    assertThat(page.body()).contains("<h1>The record has no run none</h1>");
    HttpResponse<String> other = http.method("DELETE", "/api/runs");
    assertThat(other.statusCode()).isEqualTo(405);
    assertThat(other.headers().firstValue("Allow")).contains("GET");
    assertThat(http.method("HEAD", "/").body()).isEmpty();
    assertThat(raw(http, "GET /api/runs%2f HTTP/1.1\r\nHost: localhost\r\n"))
        .as("what the server library refuses by itself")
        .startsWith("HTTP/1.1 400 ")
        .contains("Content-Type: application/json", "{\"error\":\"The request cannot be read: ");
  }

  @Test
  void writesMetrics() throws Exception {
    HttpResponse<String> metrics = open().get("/metrics");

    assertThat(metrics.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(metrics.body())
        .contains(
            "# TYPE gretchen_record_runs gauge",
            "gretchen_record_runs{app=\"word-colors\",verdict=\"FAIL\"} 1\n",
            "gretchen_record_runs{app=\"order-enrichment\",verdict=\"PASS\"} 1\n",
            "gretchen_record_last_run_status{app=\"word-colors\"} 1\n",
            "gretchen_record_silence_seconds{kind=\"kill-owner\",stat=\"max\"} 0.500\n",
            "gretchen_runs_under_way{} 0\n");
  }

  // what goes on

  @Test
  void tellsOfARunThatGoesOn() throws Exception {
    Http http = open();
    HttpResponse<InputStream> events =
        Http.client()
            .send(
                HttpRequest.newBuilder(http.server().resolve("/api/live/events")).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertThat(events.headers().firstValue("Content-Type")).contains("text/event-stream");
    try (BufferedReader lines =
            new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8));
        ProgressFile progress =
            new ProgressFile(runs.resolve("order-enrichment/run-5"), InstantSource.system())) {
      assertThat(lines.readLine()).isEqualTo("event: live");
      assertThat(lines.readLine()).isEqualTo("data: {\"runs\":[],\"soaks\":[]}");
      assertThat(lines.readLine()).isEmpty();

      progress.stands(0.5, "half is sent");
      assertThat(lines.readLine()).isEqualTo("event: live");
      assertThat(lines.readLine()).contains("order-enrichment/run-5", "half is sent", "0.5");
      assertThat(http.get("/live").body()).contains("order-enrichment, seed 5", "half is sent");
      assertThat(http.get("/runs/order-enrichment~run-5").body()).contains("It goes on");
    }
  }

  @Test
  void closesThoughSomebodyListens() throws Exception {
    Http http = open();
    HttpResponse<InputStream> events =
        Http.client()
            .send(
                HttpRequest.newBuilder(http.server().resolve("/live/events")).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = events.body()) {
      assertThat(in.read()).isEqualTo('e');
      long begun = System.nanoTime();
      close();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }
    server = null;
  }

  // campaigns

  @Test
  void changesNothingWithoutAToken() throws Exception {
    Http http = open(Optional.empty());

    for (String token : List.of("", TOKEN)) {
      HttpResponse<String> answer = http.post("/api/campaigns", token, "{\"campaign\": \"pr\"}");
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(Http.json(answer).path("error").asString()).contains("without a token");
    }
    assertThat(http.json("/api/campaigns").path("canStart").asBoolean()).isFalse();
    assertThat(http.get("/campaigns").body()).doesNotContain("<form", "data-post");
    assertThat(runs.resolve("soak")).doesNotExist();
  }

  @Test
  void changesNothingForAnotherToken() throws Exception {
    Http http = open();

    for (String path :
        List.of("/api/campaigns", "/api/campaigns/x/stop", "/api/campaigns/x/resume")) {
      HttpResponse<String> answer = http.post(path, "another token", "{\"campaign\": \"pr\"}");
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
    }
    assertThat(runs.resolve("soak")).doesNotExist();
  }

  @Test
  void startsStopsAndResumesACampaign() throws Exception {
    Http http = open();

    HttpResponse<String> started =
        http.post("/api/campaigns", TOKEN, "{\"campaign\": \"pr\", \"seed\": 7}");
    assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
    JsonNode campaign = Http.json(started);
    String name = campaign.path("name").asString();
    assertThat(campaign.path("state").asString()).isEqualTo("running");
    assertThat(campaign.path("startedHere").asBoolean()).isTrue();
    assertThat(campaign.path("seed").asLong()).isEqualTo(7);
    awaitSaid(name, "--resume=" + runs.resolve("soak").resolve(name) + " --quiet");

    HttpResponse<String> second = http.post("/api/campaigns", TOKEN, "{\"campaign\": \"nightly\"}");
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(second.body()).contains("Campaign " + name + " goes on");

    HttpResponse<String> stopped = http.post("/api/campaigns/" + name + "/stop", TOKEN, "");
    assertThat(stopped.statusCode()).as(stopped.body()).isEqualTo(202);
    awaitState(http, name, "interrupted");
    HttpResponse<String> again = http.post("/api/campaigns/" + name + "/stop", TOKEN, "");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains("does not go on: it is interrupted");

    HttpResponse<String> resumed = http.post("/api/campaigns/" + name + "/resume", TOKEN, "");
    assertThat(resumed.statusCode()).as(resumed.body()).isEqualTo(202);
    assertThat(Http.json(resumed).path("state").asString()).isEqualTo("running");
    assertThat(http.get("/campaigns").body()).contains("data-post=\"/api/campaigns/" + name);
  }

  @Test
  void stopsNoCampaignThatSomebodyElseStarted() throws Exception {
    SoakFolder soak =
        SoakFolder.create(
            runs, Campaign.shipped("pr"), 7, Duration.ZERO, Instant.ofEpochMilli(RunsOnDisk.START));
    String name = soak.path().getFileName().toString();
    Http http = open();
    try (ProgressFile progress = new ProgressFile(soak.path(), InstantSource.system())) {
      progress.stands(0.1, "#1");

      HttpResponse<String> answer = http.post("/api/campaigns/" + name + "/stop", TOKEN, "");
      assertThat(answer.statusCode()).isEqualTo(409);
      assertThat(answer.body()).contains("was not started here");
    }
  }

  @Test
  void nothingIsLeftRunningWhenItCloses() throws Exception {
    Http http = open();
    HttpResponse<String> started = http.post("/api/campaigns", TOKEN, "{\"campaign\": \"pr\"}");
    String name = Http.json(started).path("name").asString();
    awaitSaid(name, "--quiet");
    assertThat(sleepers(name)).isNotEmpty();

    close();
    server = null;

    assertThat(sleepers(name)).isEmpty();
  }

  private static List<ProcessHandle> sleepers(String name) {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains(name))
        .toList();
  }

  private void awaitSaid(String name, String words) {
    Path log = runs.resolve("soak").resolve(name).resolve("serve.log");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Files.exists(log) && Files.readString(log).contains(words));
  }

  private static void awaitState(Http http, String name, String state) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> http.json("/api/campaigns/" + name).path("state").asString().equals(state));
  }

  // the start

  @Test
  void saysThatThePortIsTaken() {
    int port = open().server().getPort();

    assertThatThrownBy(() ->
            RecordServer.open(
                new ServeOptions(
                    runs, InetAddress.getLoopbackAddress(), port, Optional.empty(), List.of()),
                InstantSource.system()))
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessageContaining("Port " + port + " on 127.0.0.1 cannot be taken")
        .hasMessageContaining("choose another with --port");
  }

  @Test
  void saysThatATokenIsTooShort() {
    assertThatThrownBy(() -> open(Optional.of("short")))
        .hasMessageContaining("expected 16 or more");
  }
}
