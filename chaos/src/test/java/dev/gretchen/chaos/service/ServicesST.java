package dev.gretchen.chaos.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The stand-ins against the real services, answer for answer, through the fronts that a run uses.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServicesST {

  private static final Path SEARCH_JARS = Path.of("../services/target/lib");
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String QUERY =
      "SELECT price, quote, symbol FROM quotes"
          + " WHERE symbol = $symbol AND time <= $time ORDER BY time DESC LIMIT 1";

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Processes processes;
  private Services real;
  private Services scripted;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    processes = Processes.open(folder);
    real = launch(new ServiceChoice.Real(SEARCH_JARS), folder);
    scripted = launch(new ServiceChoice.Scripted(), folder);
    real.awaitHealthy();
    scripted.awaitHealthy();
    for (Services services : List.of(real, scripted)) {
      fill(services);
    }
  }

  @AfterAll
  void stop() {
    real.close();
    scripted.close();
    processes.close();
  }

  private Services launch(ServiceChoice choice, Path folder) {
    return Services.launch(
        EnumSet.allOf(ServiceKind.class),
        choice,
        processes,
        folder,
        calls::add,
        InstantSource.system());
  }

  private static void fill(Services services) throws InterruptedException {
    Front influx = services.front(ServiceKind.INFLUXDB);
    form(influx, "/query", "q=CREATE+DATABASE+market");
    String points =
        "quotes,symbol=c1 price=100i,quote=\"aa\" 1000\n"
            + "quotes,symbol=c1 price=101i,quote=\"ab\" 2000\n"
            + "quotes,symbol=c2 price=7i,quote=\"ba\" 1500\n";
    assertThat(
            influx
                .direct("POST", "/write?db=market&precision=ms", Map.of(), points.getBytes(UTF_8))
                .status())
        .isEqualTo(204);
    String documents =
        """
        {"index":{"_id":"d1"}}
        {"title":"w1 annual report"}
        {"index":{"_id":"d2"}}
        {"title":"w2 annual report of the year"}
        """;
    Answer bulk =
        services
            .front(ServiceKind.SEARCH)
            .direct(
                "POST",
                "/documents/_bulk?refresh=true",
                Map.of("content-type", "application/x-ndjson"),
                documents.getBytes(UTF_8));
    assertThat(bulk.text()).contains("\"errors\":false");
  }

  private static Answer form(Front front, String path, String form) throws InterruptedException {
    return front.direct(
        "POST",
        path,
        Map.of("content-type", "application/x-www-form-urlencoded"),
        form.getBytes(UTF_8));
  }

  @Test
  void theStandInForInfluxAnswersAsTheRealOne() throws Exception {
    Assumptions.assumeTrue(
        ServiceProcesses.influxd().isPresent(),
        "influxd is not installed here: nothing to compare");
    for (String symbol : List.of("c1", "c2", "nobody", "it's \"quoted\"")) {
      for (long millis : new long[] {0, 999, 1_000, 1_001, 1_999, 2_000, 9_999}) {
        String params =
            JSON.writeValueAsString(Map.of("symbol", symbol, "time", millis * 1_000_000));
        String form =
            "db=market&epoch=ms&q="
                + URLEncoder.encode(QUERY, UTF_8)
                + "&params="
                + URLEncoder.encode(params, UTF_8);
        HttpResponse<String> expected = influx(real, form);
        HttpResponse<String> found = influx(scripted, form);
        assertThat(found.body()).as(symbol + " at " + millis).isEqualTo(expected.body());
        assertThat(found.statusCode()).isEqualTo(expected.statusCode());
        for (var answer : List.of(expected, found)) {
          assertThat(answer.headers().firstValue("x-request-id")).contains("call-7");
        }
      }
    }
  }

  private HttpResponse<String> influx(Services services, String form) throws Exception {
    return send(
        services.front(ServiceKind.INFLUXDB),
        "/query",
        Map.of("content-type", "application/x-www-form-urlencoded", "x-request-id", "call-7"),
        form);
  }

  @Test
  void theStandInForTheSearchEngineAnswersAsTheRealOne() throws Exception {
    for (String words : List.of("w1", "W2 report", "annual report", "w1 year", "nowhere")) {
      String query =
          JSON.writeValueAsString(
              Map.of(
                  "size",
                  1,
                  "query",
                  Map.of("match", Map.of("title", Map.of("query", words, "operator", "and")))));
      HttpResponse<String> expected = search(real, query);
      HttpResponse<String> found = search(scripted, query);
      JsonNode hits = JSON.readTree(expected.body());
      assertThat(hits.path("hits").path("total").path("value").isNumber())
          .as(expected.body())
          .isTrue();
      assertThat(JSON.readTree(found.body())).as(words).isEqualTo(hits);
      for (var answer : List.of(expected, found)) {
        assertThat(answer.headers().firstValue("x-opaque-id")).contains("call-8");
      }
    }
  }

  private HttpResponse<String> search(Services services, String query) throws Exception {
    return send(
        services.front(ServiceKind.SEARCH),
        "/documents/_search?filter_path=hits.total.value,hits.hits._id,hits.hits._source",
        Map.of("content-type", "application/json", "x-opaque-id", "call-8"),
        query);
  }

  @Test
  void theMailerSendsOnceForAKey() throws Exception {
    for (Services services : List.of(real, scripted)) {
      Front mailer = services.front(ServiceKind.MAILER);
      HttpResponse<String> first = mail(mailer, "k1", "o1");
      HttpResponse<String> again = mail(mailer, "k1", "o1");
      HttpResponse<String> other = mail(mailer, "k1", "o2");

      assertThat(first.statusCode()).isEqualTo(201);
      assertThat(again.statusCode()).isEqualTo(200);
      assertThat(again.body()).isEqualTo(first.body());
      assertThat(other.statusCode()).isEqualTo(409);
      assertThat(mailer.direct("GET", "/mails", Map.of(), new byte[0]).text().lines())
          .filteredOn(line -> line.contains("\"k1\""))
          .hasSize(1);
    }
  }

  @Test
  void everyMisbehaviourIsSeenByItsCallerAndRecorded() throws Exception {
    Front mailer = scripted.front(ServiceKind.MAILER);
    mail(mailer, "before", "o-before");
    for (Misbehaviour misbehaviour :
        EnumSet.complementOf(EnumSet.of(Misbehaviour.SILENT, Misbehaviour.FLAPPING))) {
      String key = misbehaviour.word();
      mailer.misbehave(misbehaviour, 100, 1);
      switch (misbehaviour) {
        case SLOW -> assertThat(mail(mailer, key, key).statusCode()).isEqualTo(201);
        case ERRORS -> assertThat(mail(mailer, key, key).statusCode()).isBetween(500, 503);
        case THROTTLED ->
            assertThat(mail(mailer, key, key).headers().firstValue("retry-after")).contains("1");
        case REFUSED, OUTAGE, RESET, ANSWER_LOST, SILENT, FLAPPING ->
            assertThatThrownBy(() -> mail(mailer, key, key)).isInstanceOf(IOException.class);
        case MALFORMED ->
            assertThat(mail(mailer, key, key).body()).startsWith("{").doesNotEndWith("}");
        case WRONG_ENTITY ->
            assertThat(mail(mailer, key, key).body()).doesNotContain("\"" + key + "\"");
      }
      long bitten = mailer.behave();
      assertThat(bitten).as(key).isEqualTo(misbehaviour.closesPort() ? 0 : 1);
      // a caller may see the end of a call before its front has written it down
      if (!misbehaviour.closesPort()) {
        Awaitility.await()
            .untilAsserted(() ->
                assertThat(calls)
                    .anyMatch(call ->
                        call.id().equals(key)
                            && call.fate().equals(key)
                            && call.attempt().equals("2;2087")));
      }
      assertThat(mail(mailer, key + "-after", key).statusCode()).isEqualTo(201);
    }
    String mails = mailer.direct("GET", "/mails", Map.of(), new byte[0]).text();
    assertThat(mails)
        .as("done though its answer was lost, and not done")
        .contains("\"answer-lost\"")
        .doesNotContain("\"key\":\"errors\"");
  }

  @Test
  void aCallerThatWentAwayIsNotWrittenDownAsAnswered() throws Exception {
    Front mailer = scripted.front(ServiceKind.MAILER);
    mailer.misbehave(Misbehaviour.SLOW, 100, 1);
    try (Socket impatient =
        new Socket(InetAddress.getLoopbackAddress(), mailer.address().getPort())) {
      String request =
          "POST /mails HTTP/1.1\r\nidempotency-key: impatient\r\ncontent-length: 13\r\n\r\n"
              + "{\"order\":\"o\"}";
      impatient.getOutputStream().write(request.getBytes(UTF_8));
    }
    Awaitility.await().until(() -> calls.stream().anyMatch(call -> call.id().equals("impatient")));
    mailer.behave();

    assertThat(calls)
        .filteredOn(call -> call.id().equals("impatient"))
        .allMatch(call -> call.status() == 0);
  }

  @Test
  void aSilentServiceLetsItsCallerWaitUntilItBehaves() throws Exception {
    Front mailer = scripted.front(ServiceKind.MAILER);
    mailer.misbehave(Misbehaviour.SILENT, 100, 1);
    var waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                mail(mailer, "silent", "o");
              } catch (Exception _) {
                // cut off when the service behaves again
              }
            });
    assertThat(waiting.join(Duration.ofMillis(300))).isFalse();
    assertThat(mailer.behave()).isEqualTo(1);
    assertThat(waiting.join(Duration.ofSeconds(5))).isTrue();
  }

  private HttpResponse<String> mail(Front mailer, String key, String order) throws Exception {
    return send(
        mailer,
        "/mails",
        Map.of("idempotency-key", key, "Gretchen-Attempt", "2;2087"),
        "{\"order\":\"" + order + "\"}");
  }

  private HttpResponse<String> send(
      Front front, String path, Map<String, String> headers, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(front.address().resolve(path))
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void theMailsOutliveTheirServersEnd(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("mails");
    Request mail = new Request("POST", "/mails", Map.of("idempotency-key", "k"), order());
    assertThat(Mailbox.open(file).answer(mail).status()).isEqualTo(201);
    assertThat(Mailbox.open(file).answer(mail).status()).isEqualTo(200);
  }

  private static byte[] order() {
    return "{\"order\":\"o\"}".getBytes(UTF_8);
  }

  @Test
  void withoutServicesNothingIsStarted(@TempDir Path folder) {
    int before = processes.running().size();
    try (Services none =
        Services.launch(
            Set.of(),
            new ServiceChoice.Real(SEARCH_JARS),
            processes,
            folder,
            calls::add,
            InstantSource.system())) {
      assertThat(none.kinds()).isEmpty();
      assertThat(processes.running()).hasSize(before);
    }
  }
}
