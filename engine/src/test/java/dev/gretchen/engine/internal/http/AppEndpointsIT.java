package dev.gretchen.engine.internal.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gretchen.engine.Socket;
import dev.gretchen.engine.SocketListener;
import dev.gretchen.engine.SocketView;
import dev.gretchen.engine.Web;
import dev.gretchen.engine.WebAnswer;
import dev.gretchen.engine.WebRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Views and sockets of an app on a real port.
class AppEndpointsIT {

  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final int MESSAGE_BYTES_MAX = 64;

  private final Routes routes = new Routes();
  private final Web web = new Web(routes);
  private final Server server =
      new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  private final HttpClient http = HttpClient.newHttpClient();
  private final Echo echo = new Echo();

  /// Sends back what it hears.
  private static final class Echo implements SocketView {
    private final List<Integer> closed = new CopyOnWriteArrayList<>();
    private volatile @Nullable Socket last;

    @Override
    public Optional<WebAnswer> refusal(WebRequest request) {
      return request.parameter("please").isPresent()
          ? Optional.empty()
          : Optional.of(WebAnswer.text(403, "say please"));
    }

    @Override
    public SocketListener opened(Socket socket) {
      last = socket;
      return new SocketListener() {
        @Override
        public void said(String text) {
          socket.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), _ -> {});
        }

        @Override
        public void heard() {
          // counted nowhere
        }

        @Override
        public void closed(int code) {
          closed.add(code);
        }
      };
    }
  }

  /// What a client has heard.
  private static final class Heard implements WebSocket.Listener {
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final StringBuilder partial = new StringBuilder();
    private final AtomicInteger pongs = new AtomicInteger();
    private volatile int code;

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket socket, CharSequence data, boolean isLast) {
      partial.append(data);
      if (isLast) {
        texts.add(partial.toString());
        partial.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      pongs.incrementAndGet();
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      code = status;
      return null;
    }
  }

  @BeforeEach
  void start() throws Exception {
    AppEndpoints app =
        new AppEndpoints(
            routes,
            view -> Thread.ofVirtual().start(view),
            new SocketUpgrade(server.getByteBufferPool(), server.getThreadPool()));
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            return app.handle(request, response, callback);
          }
        });
    web.view(
        "POST",
        "/rooms/{room}",
        request ->
            WebAnswer.text(
                200,
                request.segment("room")
                    + " "
                    + request.parameter("x").orElse("none")
                    + " "
                    + request.header("X-ASKED").orElse("none")
                    + " "
                    + new String(request.body(), StandardCharsets.UTF_8)));
    web.view(
        "GET",
        "/broken",
        _ -> {
          throw new IllegalStateException("a secret");
        });
    web.socket("/echo", MESSAGE_BYTES_MAX, echo);
    server.start();
    routes.open();
  }

  @AfterEach
  void stop() throws Exception {
    http.shutdownNow();
    server.stop();
  }

  private int port() {
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .header("x-asked", "yes")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private WebSocket connect(Heard heard) throws Exception {
    return http.newWebSocketBuilder()
        .buildAsync(URI.create("ws://127.0.0.1:" + port() + "/echo?please"), heard)
        .get(BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  private static void awaitText(Heard heard, String text) {
    await().atMost(BOUND).until(() -> heard.texts.contains(text));
  }

  private static void awaitCode(Heard heard, int code) {
    await().atMost(BOUND).untilAsserted(() -> assertThat(heard.code).isEqualTo(code));
  }

  @Test
  void answersWithWhatTheRequestHolds() throws Exception {
    HttpResponse<String> answer = post("/rooms/one+two%20%C3%A9?x=1%262&x=3", "töst");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("one+two é 1&2 yes töst\n");
  }

  @Test
  void refusesWhatItHasNot() throws Exception {
    assertThat(get("/nowhere").statusCode()).isEqualTo(404);
    assertThat(get("/rooms/lobby").statusCode()).isEqualTo(405);
    assertThat(get("/rooms/lobby").headers().firstValue("Allow")).hasValue("POST");
    assertThat(post("/rooms/lobby", "x".repeat(Web.BODY_BYTES_MAX + 1)).statusCode())
        .isEqualTo(413);
    assertThat(get("/echo?please").statusCode()).isEqualTo(426);
  }

  @Test
  void saysNothingOfAFailureToWhoeverAsks() throws Exception {
    HttpResponse<String> answer = get("/broken");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("secret");
  }

  @Test
  void servesNothingBeforeItIsOpenAndAfter() throws Exception {
    routes.close();

    assertThat(get("/broken").statusCode()).isEqualTo(503);
    assertThat(get("/broken").headers().firstValue("Retry-After")).hasValue("1");
  }

  @Test
  void opensSocketsForThoseWhoMay() throws Exception {
    Heard heard = new Heard();
    WebSocket socket = connect(heard);
    socket.sendText("hi", true).get(BOUND.toSeconds(), TimeUnit.SECONDS);
    awaitText(heard, "hi");

    assertThatThrownBy(() ->
            http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port() + "/echo"), new Heard())
                .get(BOUND.toSeconds(), TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(403));
  }

  @Test
  void putsTheFragmentsOfAMessageTogetherAndAnswersPings() throws Exception {
    Heard heard = new Heard();
    WebSocket socket = connect(heard);
    socket.sendText("one ", false).get(BOUND.toSeconds(), TimeUnit.SECONDS);
    socket.sendPing(ByteBuffer.wrap(new byte[] {7})).get(BOUND.toSeconds(), TimeUnit.SECONDS);
    socket.sendText("two ", false).get(BOUND.toSeconds(), TimeUnit.SECONDS);
    socket.sendText("three", true).get(BOUND.toSeconds(), TimeUnit.SECONDS);

    awaitText(heard, "one two three");
    await().atMost(BOUND).untilAsserted(() -> assertThat(heard.pongs).hasValue(1));
  }

  @Test
  void closesOnAMessageThatIsTooLargeInOnePieceOrInMany() throws Exception {
    Heard whole = new Heard();
    connect(whole)
        .sendText("x".repeat(MESSAGE_BYTES_MAX + 1), true)
        .get(BOUND.toSeconds(), TimeUnit.SECONDS);
    awaitCode(whole, 1009);

    Heard parts = new Heard();
    WebSocket socket = connect(parts);
    socket.sendText("x".repeat(MESSAGE_BYTES_MAX), false).get(BOUND.toSeconds(), TimeUnit.SECONDS);
    socket.sendText("x", true).get(BOUND.toSeconds(), TimeUnit.SECONDS);
    awaitCode(parts, 1009);

    Heard fits = new Heard();
    connect(fits)
        .sendText("x".repeat(MESSAGE_BYTES_MAX), true)
        .get(BOUND.toSeconds(), TimeUnit.SECONDS);
    awaitText(fits, "x".repeat(MESSAGE_BYTES_MAX));
  }

  @Test
  void closesOnWhatIsNoText() throws Exception {
    Heard heard = new Heard();
    connect(heard)
        .sendBinary(ByteBuffer.wrap(new byte[] {1}), true)
        .get(BOUND.toSeconds(), TimeUnit.SECONDS);

    awaitCode(heard, 1003);
  }

  @Test
  void tellsTheCodeOfACloseToBothEnds() throws Exception {
    Heard heard = new Heard();
    WebSocket socket = connect(heard);
    // the handshake is answered before the view is told
    await().atMost(BOUND).until(() -> echo.last != null);
    requireNonNull(echo.last).close(4409, "slow");
    awaitCode(heard, 4409);
    await().atMost(BOUND).until(() -> echo.closed.contains(4409));

    Heard mine = new Heard();
    connect(mine).sendClose(4001, "enough").get(BOUND.toSeconds(), TimeUnit.SECONDS);
    await().atMost(BOUND).until(() -> echo.closed.contains(4001));
    await().atMost(BOUND).until(socket::isOutputClosed);
  }
}
