package dev.gretchen.dashboards.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.verifier.report.TimelinePicture;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The page, on loopback: files from this jar, frames as server-sent events, deeds as requests.
///
/// Other pages of the same browser must not press the buttons: a deed needs a header that a foreign
/// page cannot send without asking, and nobody answers its question; and the page's own host must
/// be named, so that no foreign name can be bent to this address.
final class LivePage implements AutoCloseable {

  /// The header that a deed must have.
  static final String DEED_HEADER = "Gretchen-Deed";

  private static final Logger LOG = LoggerFactory.getLogger(LivePage.class);
  private static final String LOOPBACK = "127.0.0.1";
  private static final int THREADS_MAX = 48;
  private static final int WATCHERS_MAX = 16;
  private static final Duration FRAME_BOUND = Duration.ofSeconds(10);

  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /// What is in the jar, by its path.
  private static final Map<String, String> FILES =
      Map.of("/", "page.html", "/page.css", "page.css", "/page.js", "page.js");

  private final Server server;
  private final ServerConnector connector;
  private final String app;
  private final Hub hub;
  private final Deed.Taker deeds;

  private LivePage(
      Server server, ServerConnector connector, String app, Hub hub, Deed.Taker deeds) {
    this.server = server;
    this.connector = connector;
    this.app = app;
    this.hub = hub;
    this.deeds = deeds;
  }

  /// Takes a port on loopback, where nobody answers yet.
  ///
  /// @param port 0 for any
  /// @throws EnvironmentFailure where the port is taken
  static ServerSocketChannel bind(int port) {
    try {
      ServerSocketChannel door = ServerSocketChannel.open();
      try {
        return door.bind(new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), port));
      } catch (IOException taken) {
        door.close();
        throw taken;
      }
    } catch (IOException taken) {
      throw new EnvironmentFailure(
          "Port "
              + port
              + " on "
              + LOOPBACK
              + " cannot be taken ("
              + taken.getMessage()
              + "); choose another with --port, or 0 for any free one",
          taken);
    }
  }

  /// Answers.
  ///
  /// @param door from [#bind]; closed with the page
  static LivePage open(ServerSocketChannel door, String app, Hub hub, Deed.Taker deeds) {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX, 2);
    threads.setName("page");
    threads.setDaemon(true);
    Server server = new Server(threads);
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    ServerConnector connector =
        new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
    server.addConnector(connector);
    LivePage page = new LivePage(server, connector, app, hub, deeds);
    server.setHandler(page.handler());
    try {
      connector.open(door);
      server.start();
    } catch (Exception failure) {
      throw new EnvironmentFailure("The page cannot be served: " + failure, failure);
    }
    return page;
  }

  /// Where the page is.
  URI address() {
    return URI.create("http://" + host(connector.getLocalPort()) + "/");
  }

  /// Host and port, as they stand in an address.
  static String host(int port) {
    return LOOPBACK + ":" + port;
  }

  private Handler handler() {
    return new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback)
          throws Exception {
        serve(request, response);
        callback.succeeded();
        return true;
      }
    };
  }

  private void serve(Request request, Response response) throws IOException, InterruptedException {
    response.getHeaders().put("Content-Security-Policy", POLICY);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    String path = Request.getPathInContext(request);
    if (!isOurHost(request)) {
      answer(response, 421, "text/plain", "this page is at " + address() + "\n");
    } else if (request.getMethod().equals("POST")) {
      deed(path, request, response);
    } else if (!request.getMethod().equals("GET")) {
      answer(
          response, 405, "text/plain", "expected GET or POST, found " + request.getMethod() + "\n");
    } else if (path.equals("/events")) {
      events(response);
    } else {
      file(path, response);
    }
  }

  private boolean isOurHost(Request request) {
    int port = connector.getLocalPort();
    String host = request.getHeaders().get(HttpHeader.HOST);
    return host != null && Set.of(host(port), "localhost:" + port).contains(host);
  }

  private void file(String path, Response response) throws IOException {
    String name = FILES.get(path);
    switch (path) {
      case "/timeline.css" -> answer(response, 200, "text/css", TimelinePicture.stylesheet());
      case "/state" -> answer(response, 200, "application/json", hub.now());
      case "/metrics" ->
          answer(
              response,
              200,
              "text/plain; version=0.0.4",
              FaultMetrics.render(app, hub.ask(state -> state.faultsInForce())));
      default -> {
        if (name == null) {
          answer(response, 404, "text/plain", "nothing at " + path + "\n");
        } else {
          answer(response, 200, type(name), text(name));
        }
      }
    }
  }

  private static String type(String name) {
    return name.endsWith(".css")
        ? "text/css"
        : name.endsWith(".js") ? "text/javascript" : "text/html";
  }

  static String text(String name) {
    try (InputStream in = LivePage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar holds no " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot read " + name + " from the jar", cause);
    }
  }

  private void deed(String path, Request request, Response response)
      throws IOException, InterruptedException {
    if (!path.startsWith("/do/") || request.getHeaders().get(DEED_HEADER) == null) {
      answer(
          response,
          403,
          "text/plain",
          "a deed is a POST to /do/... with the header "
              + DEED_HEADER
              + ", as this page sends it\n");
      return;
    }
    Fields parameters = Request.extractQueryParameters(request);
    try {
      Deed deed = Deed.parse(path.substring("/do/".length()), parameters::getValue);
      answer(response, 202, "text/plain", deeds.carryOut(deed) + "\n");
    } catch (IllegalArgumentException wrong) {
      answer(response, 400, "text/plain", wrong.getMessage() + "\n");
    } catch (IllegalStateException | EnvironmentFailure notNow) {
      answer(response, 409, "text/plain", notNow.getMessage() + "\n");
    }
  }

  /// Sends frames until the browser is gone or the page is closed.
  private void events(Response response) throws IOException, InterruptedException {
    if (!hub.enter(WATCHERS_MAX)) {
      answer(response, 503, "text/plain", "too many look on\n");
      return;
    }
    try {
      response.setStatus(200);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream; charset=utf-8");
      long number = 0;
      long timeline = 0;
      while (!hub.isClosed()) {
        Hub.Frame frame = hub.awaitFrame(number, FRAME_BOUND);
        StringBuilder text = new StringBuilder();
        if (frame == null) {
          text.append(": nothing new\n\n");
        } else {
          number = frame.number();
          event(text, "state", frame.state());
          if (frame.timelineNumber() > timeline) {
            timeline = frame.timelineNumber();
            event(text, "timeline", frame.timeline());
          }
        }
        Content.Sink.write(response, false, ByteBuffer.wrap(text.toString().getBytes(UTF_8)));
      }
    } catch (IOException gone) {
      // how browsers end it: nobody is left to be told
      LOG.atTrace().addKeyValue("cause", gone).log("a browser is gone");
    } finally {
      hub.leave();
    }
  }

  private static void event(StringBuilder text, String name, String content) {
    text.append("event: ").append(name).append('\n');
    content.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
    text.append('\n');
  }

  private static void answer(Response response, int status, String type, String text)
      throws IOException {
    response.setStatus(status);
    String full = type.contains("json") ? type : type + "; charset=utf-8";
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, full);
    Content.Sink.write(response, true, ByteBuffer.wrap(text.getBytes(UTF_8)));
  }

  @Override
  public void close() {
    try {
      server.stop();
      connector.close();
    } catch (Exception failure) {
      LOG.atWarn().addKeyValue("cause", failure.toString()).log("the page did not stop cleanly");
    }
  }
}
