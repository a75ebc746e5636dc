package dev.gretchen.engine.internal.http;

import dev.gretchen.engine.View;
import dev.gretchen.engine.Web;
import dev.gretchen.engine.WebAnswer;
import dev.gretchen.engine.WebRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an app serves beside the engine's own endpoints. Views run on threads of their own, sockets
/// are opened on the server's.
final class AppEndpoints {

  private static final Logger LOG = LoggerFactory.getLogger(AppEndpoints.class);
  private static final byte[] NO_BODY = new byte[0];

  /// Requests that views may be answering at a time; one more is turned away.
  private static final int VIEWS_AT_A_TIME = 512;

  private final Routes routes;
  private final Executor viewers;
  private final SocketUpgrade sockets;
  private final Semaphore room = new Semaphore(VIEWS_AT_A_TIME);

  AppEndpoints(Routes routes, Executor viewers, SocketUpgrade sockets) {
    this.routes = routes;
    this.viewers = viewers;
    this.sockets = sockets;
  }

  boolean handle(Request request, Response response, Callback callback) throws IOException {
    if (!routes.isOpen()) {
      write(
          WebAnswer.text(503, "this worker does not serve now; ask another, or again")
              .with("Retry-After", "1"),
          response,
          callback);
      return true;
    }
    // not the decoded path: what a segment holds may have a slash
    List<String> segments =
        Routes.segments(request.getHttpURI().getPath()).stream()
            .map(AppEndpoints::decoded)
            .toList();
    switch (routes.find(request.getMethod(), segments)) {
      case Routes.Found.AtView(View view, Map<String, String> names) ->
          view(view, names, request, response, callback);
      case Routes.Found.AtSocket at ->
          sockets.upgrade(
              at, request(request, at.segments(), NO_BODY), request, response, callback);
      case Routes.Found.OtherMethods(var methods) ->
          write(
              WebAnswer.text(405, "expected one of " + methods)
                  .with("Allow", String.join(", ", methods)),
              response,
              callback);
      case Routes.Found.Nothing _ ->
          write(
              WebAnswer.text(404, "nothing here; there is " + routes.paths()), response, callback);
    }
    return true;
  }

  private void view(
      View view, Map<String, String> names, Request request, Response response, Callback callback) {
    if (!room.tryAcquire()) {
      write(
          WebAnswer.text(
                  503, VIEWS_AT_A_TIME + " requests are being answered already; ask another worker")
              .with("Retry-After", "1"),
          response,
          callback);
      return;
    }
    viewers.execute(() -> {
      try {
        answer(view, names, request, response, callback);
      } finally {
        room.release();
      }
    });
  }

  private static void answer(
      View view, Map<String, String> names, Request request, Response response, Callback callback) {
    WebAnswer answer;
    try {
      byte[] body = body(request);
      answer =
          body.length > Web.BODY_BYTES_MAX
              ? WebAnswer.text(413, "expected at most " + Web.BODY_BYTES_MAX + " bytes")
              : view.answer(request(request, names, body));
    } catch (Exception failure) {
      LOG.atError()
          .addKeyValue("path", request.getHttpURI().getPath())
          .setCause(failure)
          .log("a view failed");
      answer = WebAnswer.text(500, "this worker could not answer; its log says why");
    }
    write(answer, response, callback);
  }

  private static byte[] body(Request request) throws IOException {
    try (InputStream in = Content.Source.asInputStream(request)) {
      return in.readNBytes(Web.BODY_BYTES_MAX + 1);
    }
  }

  private static WebRequest request(Request request, Map<String, String> names, byte[] body) {
    Map<String, String> parameters = new HashMap<>();
    for (Fields.Field field : Request.extractQueryParameters(request)) {
      parameters.put(field.getName(), field.getValue());
    }
    Map<String, String> headers = new HashMap<>();
    for (HttpField field : request.getHeaders()) {
      headers.putIfAbsent(field.getName().toLowerCase(Locale.ROOT), field.getValue());
    }
    return new WebRequest(request.getMethod(), names, parameters, headers, body);
  }

  static void write(WebAnswer answer, Response response, Callback callback) {
    response.setStatus(answer.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type());
    answer.headers().forEach(response.getHeaders()::put);
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
  }

  /// A plus is a plus in a path.
  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return segment;
    }
  }
}
