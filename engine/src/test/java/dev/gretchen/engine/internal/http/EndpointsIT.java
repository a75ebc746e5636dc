package dev.gretchen.engine.internal.http;

import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.route.Asked;
import dev.gretchen.engine.internal.route.Routed;
import dev.gretchen.engine.internal.route.TableAnswer;
import dev.gretchen.engine.internal.route.TableQuery;
import dev.gretchen.engine.internal.store.Change;
import dev.gretchen.engine.internal.store.MemoryStore;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.store.StorePartition;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The endpoints on a real socket.
class EndpointsIT {

  private static final int ENTRIES = 5_000;

  private static final String KEY64 =
      Base64.getUrlEncoder().encodeToString("a/b+ é".getBytes(StandardCharsets.UTF_8));

  private static final Routed STANDBYS_WORD =
      new Routed.Answered(
          new TableAnswer(
              "t",
              3,
              "value".getBytes(StandardCharsets.UTF_8),
              "w2",
              TableAnswer.Role.STANDBY,
              77,
              5,
              120L));

  private final Shown surface = new Shown();
  private final WorkerHttp http = WorkerHttp.open(0, surface);

  @BeforeEach
  void start() {
    http.start();
  }

  @AfterEach
  void stop() {
    http.close();
  }

  @Test
  void showsASnapshotAsTheContractSays() throws Exception {
    assertThat(get("/verify").body())
        .isEqualTo("[{\"table\":\"t\",\"partition\":3,\"role\":\"active\",\"state\":\"running\"}]");
    assertThat(get("/verify/t/3").body())
        .startsWith("{\"table\":\"t\",\"partition\":3,\"role\":\"active\",\"state\":\"running\"")
        .contains("\"records\":5000", "\"position\":77")
        .containsPattern("\"checksum\":\"[0-9a-f]{16}\"");
    assertThat(get("/verify/t/4").statusCode()).isEqualTo(404);
    assertThat(get("/verify/t/x").statusCode()).isEqualTo(404);
    assertThat(get("/verify/t/4/entries").statusCode()).isEqualTo(404);
  }

  @Test
  void streamsAllEntriesButTheReserved() throws Exception {
    HttpResponse<String> answer = get("/verify/t/3/entries");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().lines())
        .hasSize(ENTRIES)
        .contains("{\"key\":\"AWtleTc=\",\"value\":\"dmFsdWU=\"}");
  }

  @Test
  void doesNotPassOffHalfAnAnswerAsAWholeOne() {
    surface.failsAfter = ENTRIES / 2;

    assertThatThrownBy(() -> get("/verify/t/3/entries")).isInstanceOf(IOException.class);
  }

  @Test
  void tellsWhetherItIsReady() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void armsFailpointsOnlyWhereTheyAreOn() throws Exception {
    assertThat(post("/failpoints/commit.after-end?action=pause").statusCode()).isEqualTo(403);

    surface.failpoints = new Failpoints("on", new FakeSurroundings().monitor(), _ -> {});
    assertThat(post("/failpoints/commit.after-end?action=pause&after=2").body())
        .contains(
            "{\"name\":\"commit.after-end\",\"hits\":0,\"armed\":\"pause\",\"paused\":false}");
    assertThat(post("/failpoints/commit.after-end?action=explode").statusCode()).isEqualTo(400);
    assertThat(post("/failpoints/commit.sometime?action=pause").statusCode()).isEqualTo(404);
  }

  @Test
  void takesAKeyAsTextOrAsBytes() throws Exception {
    for (String path : List.of("/table/t/a%2Fb+%20%C3%A9", "/table/t?key64=" + KEY64)) {
      assertThat(get(path).statusCode()).isEqualTo(503);
    }
    assertThat(surface.questions)
        .hasSize(2)
        .allSatisfy(query ->
            assertThat(new String(query.key(), StandardCharsets.UTF_8)).isEqualTo("a/b+ é"));
    assertThat(get("/table/w/k?at=61000&owner=only").statusCode()).isEqualTo(503);
    assertThat(surface.questions.getLast().at()).isEqualTo(61_000);
    assertThat(surface.asked).containsExactly(Asked.ANYBODY, Asked.ANYBODY, Asked.OWNER_ONLY);
    for (String path :
        List.of("/table/t", "/table/t/k?at=x", "/table/t/k?owner=x", "/table/t?key64=%25")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(400);
    }
  }

  @Test
  void saysWhoAnsweredAndHowFarBehind() throws Exception {
    surface.answer = STANDBYS_WORD;
    assertThat(get("/table/t/k").body())
        .isEqualTo(
            "{\"table\":\"t\",\"partition\":3,\"value\":\"dmFsdWU=\",\"text\":\"value\",\"worker\":\"w2\","
                + "\"role\":\"standby\",\"position\":77,\"behindRecords\":5,\"behindMillis\":120}");
    surface.answer = new Routed.Nobody("it is not known", "w2@127.0.0.1:2");
    HttpResponse<String> nobody = get("/table/t/k");
    assertThat(nobody.statusCode()).isEqualTo(503);
    assertThat(nobody.body())
        .isEqualTo("{\"error\":\"it is not known\",\"owner\":\"w2@127.0.0.1:2\"}");
    assertThat(get("/status").body()).isEqualTo("{\"worker\":\"w1\"}");
  }

  @Test
  void asksAnotherWorkerAsAnybodyAsksIt() {
    TableQuery query = new TableQuery("t", "a/b+ é".getBytes(StandardCharsets.UTF_8), 7L);
    try (HttpPeers peers = new HttpPeers()) {
      surface.answer = STANDBYS_WORD;
      Routed answer = peers.ask(peer(http.port()), query, Asked.AS_STANDBY);
      assertThat(answer).usingRecursiveComparison().isEqualTo(STANDBYS_WORD);
      assertThat(surface.questions.getFirst()).usingRecursiveComparison().isEqualTo(query);
      assertThat(surface.asked).containsExactly(Asked.AS_STANDBY);

      surface.answer = new Routed.Nobody("it is not known", "w3@x");
      assertThat(peers.ask(peer(http.port()), query, Asked.AS_OWNER)).isEqualTo(surface.answer);

      http.close();
      assertThat(peers.ask(peer(http.port()), query, Asked.AS_OWNER))
          .isInstanceOfSatisfying(
              Routed.Nobody.class, nobody -> assertThat(nobody.why()).contains("no answer from"));
    }
  }

  private static Peer peer(int port) {
    return new Peer(
        "m1", "w1", "i1", "", "127.0.0.1:" + port, "", "", new TreeSet<>(), new TreeSet<>());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).build());
  }

  private HttpResponse<String> post(String path) throws Exception {
    return send(
        HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.noBody()).build());
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + http.port() + path);
  }

  /// A worker that holds one partition of one table.
  private static final class Shown implements HttpSurface {

    private final StorePartition store = new MemoryStore().partition("t", 3);
    private Failpoints failpoints = new Failpoints("", new FakeSurroundings().monitor(), _ -> {});
    private int failsAfter = Integer.MAX_VALUE;
    private final List<TableQuery> questions = new CopyOnWriteArrayList<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Routes routes = new Routes();
    private volatile Routed answer = new Routed.Nobody("it is not known", "w2@127.0.0.1:2");

    Shown() {
      routes.open();
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < ENTRIES; i++) {
        changes.add(new Change(key("key" + i), bytes("value")));
      }
      changes.add(new Change(StoreKeys.STREAM_TIME, bytes("12345678")));
      store.claim(1);
      store.apply(1, changes, new Position(new Uuid(1, 1), 77, 0));
    }

    @Override
    public boolean isAlive() {
      return true;
    }

    @Override
    public boolean isReady() {
      return false;
    }

    @Override
    public boolean isSettled() {
      return true;
    }

    @Override
    public String metrics() {
      return "";
    }

    @Override
    public List<HeldTable> tables() {
      return List.of(new HeldTable("t", 3, "active", "running"));
    }

    @Override
    public Optional<OpenTable> open(String table, int partition) {
      return table.equals("t") && partition == 3
          ? Optional.of(new OpenTable(tables().getFirst(), failing(store.snapshot())))
          : Optional.empty();
    }

    @Override
    public Failpoints failpoints() {
      return failpoints;
    }

    @Override
    public Map<String, Object> status() {
      return Map.of("worker", "w1");
    }

    @Override
    public void ask(TableQuery query, Asked as, Consumer<Routed> answered) {
      questions.add(query);
      asked.add(as);
      Thread.ofVirtual().start(() -> answered.accept(answer));
    }

    @Override
    public Routes routes() {
      return routes;
    }

    @Override
    public Executor viewers() {
      return view -> Thread.ofVirtual().start(view);
    }

    private StorePartition.Snapshot failing(StorePartition.Snapshot snapshot) {
      return new StorePartition.Snapshot() {
        private int visited;

        @Override
        public Position position() {
          return snapshot.position();
        }

        @Override
        public void forEach(StorePartition.Visitor visitor) {
          snapshot.forEach((key, value) -> {
            if (++visited > failsAfter) {
              throw new IllegalStateException("the disk failed");
            }
            visitor.visit(key, value);
          });
        }

        @Override
        public void close() {
          snapshot.close();
        }
      };
    }
  }
}
