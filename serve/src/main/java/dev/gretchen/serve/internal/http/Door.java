package dev.gretchen.serve.internal.http;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where requests come in: makes a question of each, and sends what is answered.
///
/// Events are sent from a virtual thread for each listener, until the listener goes or the door is
/// closed.
final class Door extends Handler.Abstract {

  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  /// Nobody who asks for a campaign needs more.
  private static final int BODY_MAX_BYTES = 16 << 10;

  /// So many may listen; a browser that shows the live page is one.
  private static final int LISTENERS_MAX = 64;

  /// A beat now and then keeps connections open, and finds those that are not.
  private static final int BEAT_EVERY_SECONDS = 10;

  private static final String EVENTS_TYPE = "text/event-stream";

  private static final Map<String, String> ON_ALL =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:;"
              + " frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-cache");

  private final Hosts hosts;
  private final Routes routes;
  private final BiFunction<String, Refused, Answer> refusals;
  private final Semaphore listeners = new Semaphore(LISTENERS_MAX);
  private final CountDownLatch closing = new CountDownLatch(1);

  /// @param refusals makes the answer to what is refused, of the path that was asked for and why
  Door(Hosts hosts, Routes routes, BiFunction<String, Refused, Answer> refusals) {
    this.hosts = hosts;
    this.routes = routes;
    this.refusals = refusals;
  }

  /// Ends all events.
  void endEvents() {
    closing.countDown();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = Request.getPathInContext(request);
    Answer answer;
    try {
      hosts.require(Optional.ofNullable(Request.getServerName(request)).orElse(""));
      answer = routes.answer(request.getMethod(), asked(request, path));
    } catch (Refused refused) {
      answer = refusal(path, refused);
    } catch (EnvironmentFailure failure) {
      answer = refusal(path, new Refused(503, String.valueOf(failure.getMessage())));
    } catch (UncheckedIOException failure) {
      answer = refusal(path, new Refused(503, failure.getMessage() + ": " + failure.getCause()));
    } catch (RuntimeException bug) {
      LOG.atError().addKeyValue("path", path).setCause(bug).log("a question has no answer");
      answer = refusal(path, new Refused(500, "This is a bug of the server; its log says more"));
    }
    if (answer instanceof Answer.Events && request.getMethod().equals("HEAD")) {
      answer = Answer.whole(200, EVENTS_TYPE, "");
    }
    send(answer, response, callback);
    return true;
  }

  /// Answers what the server library could not make a request of, which it has given a status.
  boolean refuse(Request request, Response response, Callback callback) throws Exception {
    Object why = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
    String path = Optional.ofNullable(request.getHttpURI().getPath()).orElse("/");
    Refused refused =
        new Refused(
            response.getStatus(), "The request cannot be read" + (why == null ? "" : ": " + why));
    send(refusal(path, refused), response, callback);
    return true;
  }

  /// One that a route's answer could not be made of has headers of its own.
  private Answer refusal(String path, Refused why) {
    Answer answer = refusals.apply(path, why);
    if (answer instanceof Answer.Whole(int status, String type, byte[] body, var headers)) {
      Map<String, String> all = new HashMap<>(headers);
      all.putAll(why.headers());
      return new Answer.Whole(status, type, body, all);
    }
    return answer;
  }

  private static Asked asked(Request request, String path) throws IOException {
    String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    return new Asked(
        path,
        Map.of(),
        query(request),
        Optional.ofNullable(authorization).orElse(""),
        request.getMethod().equals("POST") ? body(request) : "");
  }

  private static Map<String, List<String>> query(Request request) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    try {
      for (Fields.Field field : Request.extractQueryParameters(request)) {
        query.put(field.getName(), List.copyOf(field.getValues()));
      }
    } catch (RuntimeException unreadable) {
      throw Refused.badRequest("The query cannot be read: " + unreadable.getMessage());
    }
    return query;
  }

  private static String body(Request request) throws IOException {
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] bytes = in.readNBytes(BODY_MAX_BYTES + 1);
      if (bytes.length > BODY_MAX_BYTES) {
        throw new Refused(
            413, "Expected a body of at most %d bytes, found more".formatted(BODY_MAX_BYTES));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private void send(Answer answer, Response response, Callback callback) throws IOException {
    switch (answer) {
      case Answer.Whole(int status, String type, byte[] body, var headers) -> {
        begin(response, status, type, headers);
        response.write(true, ByteBuffer.wrap(body), callback);
      }
      case Answer.Content(var file, String type, var headers) -> {
        begin(response, 200, type, headers);
        // not closed when something fails: that would end the answer as if it were whole
        OutputStream out = Content.Sink.asOutputStream(response);
        try (InputStream in = Files.newInputStream(file)) {
          in.transferTo(out);
        }
        out.close();
        callback.succeeded();
      }
      case Answer.Events events -> listen(events, response, callback);
    }
  }

  private static void begin(
      Response response, int status, String type, Map<String, String> headers) {
    response.setStatus(status);
    ON_ALL.forEach((name, value) -> response.getHeaders().put(name, value));
    headers.forEach((name, value) -> response.getHeaders().put(name, value));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
  }

  private void listen(Answer.Events events, Response response, Callback callback)
      throws IOException {
    if (!listeners.tryAcquire()) {
      String why =
          "%d listen already; close a page that shows what goes on".formatted(LISTENERS_MAX);
      send(Answer.whole(503, Answer.TEXT, why + "\n"), response, callback);
      return;
    }
    begin(response, 200, EVENTS_TYPE, Map.of("Cache-Control", "no-store"));
    Thread.ofVirtual()
        .name("events")
        .start(() -> {
          try {
            tell(events, response);
            callback.succeeded();
          } catch (IOException | InterruptedException gone) {
            callback.failed(gone);
          } catch (RuntimeException bug) {
            LOG.atError().setCause(bug).log("events end");
            callback.failed(bug);
          } finally {
            listeners.release();
          }
        });
  }

  private void tell(Answer.Events events, Response response)
      throws IOException, InterruptedException {
    String told = "";
    int quiet = 0;
    do {
      String state = events.state().get();
      if (!state.equals(told)) {
        write(response, false, event(events.name(), state));
        told = state;
        quiet = 0;
      } else if (++quiet >= BEAT_EVERY_SECONDS) {
        write(response, false, ": nothing new\n\n");
        quiet = 0;
      }
    } while (!closing.await(1, TimeUnit.SECONDS));
    write(response, true, "");
  }

  /// Each line of the state is one of the event's; whoever listens gets them together again.
  private static String event(String name, String state) {
    StringBuilder text = new StringBuilder("event: ").append(name).append('\n');
    state.lines().forEach(line -> text.append("data: ").append(line).append('\n'));
    return text.append('\n').toString();
  }

  private static void write(Response response, boolean last, String text) throws IOException {
    Content.Sink.write(response, last, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }
}
