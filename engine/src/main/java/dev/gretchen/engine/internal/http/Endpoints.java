package dev.gretchen.engine.internal.http;

import dev.gretchen.engine.internal.observe.Failpoint;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.route.Asked;
import dev.gretchen.engine.internal.route.Routed;
import dev.gretchen.engine.internal.route.TableQuery;
import dev.gretchen.engine.internal.store.Checksum;
import dev.gretchen.engine.internal.store.StoreKeys;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import tools.jackson.databind.json.JsonMapper;

/// The endpoints of a worker, as the contract page lists them.
final class Endpoints extends Handler.Abstract {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String PLAIN_TEXT = "text/plain; charset=utf-8";
  private static final String JSON_TYPE = "application/json";
  private static final String LINES_TYPE = "application/x-ndjson";

  private static final int CHUNK_BYTES = 64 << 10;

  private final HttpSurface surface;
  private final AppEndpoints app;

  /// @param app answers what is not the engine's
  Endpoints(HttpSurface surface, AppEndpoints app) {
    this.surface = surface;
    this.app = app;
  }

  private record Answer(int status, String type, byte[] body) {

    static Answer text(int status, String text) {
      return new Answer(status, PLAIN_TEXT, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static Answer json(Object value) {
      return new Answer(200, JSON_TYPE, JSON.writeValueAsBytes(value));
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    List<String> path =
        List.of(Request.getPathInContext(request).replaceFirst("^/", "").split("/", -1));
    if (!Routes.RESERVED.contains(path.getFirst())) {
      return app.handle(request, response, callback);
    }
    if (path.size() == 4 && path.getFirst().equals("verify") && path.getLast().equals("entries")) {
      streamEntries(path.get(1), path.get(2), request, response);
      callback.succeeded();
      return true;
    }
    if (path.getFirst().equals("table") && request.getMethod().equals("GET")) {
      askTable(request, response, callback);
      return true;
    }
    Answer answer = request.getMethod().equals("POST") ? post(path, request) : get(path);
    response.setStatus(answer.status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type);
    Content.Sink.write(response, true, java.nio.ByteBuffer.wrap(answer.body));
    callback.succeeded();
    return true;
  }

  private Answer get(List<String> path) {
    return switch (path.getFirst()) {
      case "livez" -> surface.isAlive() ? Answer.text(200, "alive") : Answer.text(503, "failed");
      case "readyz" ->
          surface.isReady() ? Answer.text(200, "ready") : Answer.text(503, "not ready");
      case "metrics" ->
          new Answer(200, PLAIN_TEXT, surface.metrics().getBytes(StandardCharsets.UTF_8));
      case "failpoints" -> Answer.json(surface.failpoints().views());
      case "status" -> Answer.json(surface.status());
      case "verify" ->
          path.size() == 1
              ? Answer.json(surface.tables())
              : path.size() == 3 ? summary(path.get(1), path.get(2)) : notFound(path);
      default -> notFound(path);
    };
  }

  private Answer post(List<String> path, Request request) {
    if (path.size() != 2 || !path.getFirst().equals("failpoints")) {
      return notFound(path);
    }
    if (!surface.failpoints().isEnabled()) {
      return Answer.text(403, "failpoints are off; start the worker with GRETCHEN_FAILPOINTS=on");
    }
    Optional<Failpoint> failpoint = Failpoint.named(path.get(1));
    if (failpoint.isEmpty()) {
      return Answer.text(404, "no failpoint " + path.get(1));
    }
    Fields parameters = Request.extractQueryParameters(request);
    String action = Optional.ofNullable(parameters.getValue("action")).orElse("");
    String after = Optional.ofNullable(parameters.getValue("after")).orElse("1");
    try {
      surface
          .failpoints()
          .arm(
              failpoint.get(),
              Failpoints.Action.valueOf(action.toUpperCase(Locale.ROOT)),
              Long.parseLong(after));
    } catch (IllegalArgumentException _) {
      return Answer.text(
          400,
          "expected action=pause|halt|off and a number for after, found action="
              + action
              + " after="
              + after);
    }
    return Answer.json(surface.failpoints().views());
  }

  private Answer summary(String table, String partition) {
    Optional<HttpSurface.OpenTable> found = open(table, partition);
    if (found.isEmpty()) {
      return notHeld(table, partition);
    }
    try (HttpSurface.OpenTable open = found.get()) {
      Checksum checksum = new Checksum();
      open.snapshot().forEach(checksum);
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("table", open.held().table());
      summary.put("partition", open.held().partition());
      summary.put("role", open.held().role());
      summary.put("state", open.held().state());
      summary.put("records", checksum.records());
      summary.put("checksum", HexFormat.of().toHexDigits(checksum.sum()));
      summary.put("position", open.snapshot().position().next());
      return Answer.json(summary);
    }
  }

  private void streamEntries(String table, String partition, Request request, Response response) {
    Optional<HttpSurface.OpenTable> found = open(table, partition);
    if (found.isEmpty() || !request.getMethod().equals("GET")) {
      Answer answer = notHeld(table, partition);
      response.setStatus(answer.status);
      write(response, answer.body);
      return;
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, LINES_TYPE);
    // not closed when something fails: that would end the answer as if it were whole
    OutputStream out = new BufferedOutputStream(Content.Sink.asOutputStream(response), CHUNK_BYTES);
    try (HttpSurface.OpenTable open = found.get()) {
      Base64.Encoder base64 = Base64.getEncoder();
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      open.snapshot()
          .forEach((key, value) -> {
            if (!StoreKeys.isData(key)) {
              return;
            }
            line.reset();
            line.writeBytes("{\"key\":\"".getBytes(StandardCharsets.US_ASCII));
            line.writeBytes(base64.encode(key));
            line.writeBytes("\",\"value\":\"".getBytes(StandardCharsets.US_ASCII));
            line.writeBytes(base64.encode(value));
            line.writeBytes("\"}\n".getBytes(StandardCharsets.US_ASCII));
            try {
              line.writeTo(out);
            } catch (IOException gone) {
              throw new UncheckedIOException(gone);
            }
          });
      out.close();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /// Completes the callback on the thread that answers, which may have to wait for another worker.
  private void askTable(Request request, Response response, Callback callback) {
    // not the decoded path: a key may hold a slash
    List<String> path =
        List.of(request.getHttpURI().getPath().replaceFirst("^/", "").split("/", -1));
    Fields parameters = Request.extractQueryParameters(request);
    Optional<Asked> asked =
        TableEndpoint.asked(
            request.getHeaders().get(TableEndpoint.ASKED), parameters.getValue("owner"));
    TableEndpoint.Request read =
        asked.isEmpty()
            ? new TableEndpoint.Request.Unreadable(
                "expected owner=only or nothing, found owner=" + parameters.getValue("owner"))
            : TableEndpoint.read(path, parameters.getValue("key64"), parameters.getValue("at"));
    switch (read) {
      case TableEndpoint.Request.Question(TableQuery query) ->
          surface.ask(
              query, asked.orElse(Asked.ANYBODY), routed -> complete(routed, response, callback));
      case TableEndpoint.Request.Unreadable(String why) ->
          complete(new Routed.Unfit(why), response, callback);
    }
  }

  private static void complete(Routed routed, Response response, Callback callback) {
    response.setStatus(TableEndpoint.status(routed));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON_TYPE);
    response.write(true, java.nio.ByteBuffer.wrap(TableEndpoint.body(routed)), callback);
  }

  private Optional<HttpSurface.OpenTable> open(String table, String partition) {
    try {
      return surface.open(table, Integer.parseInt(partition));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static void write(Response response, byte[] body) {
    try {
      Content.Sink.write(response, true, java.nio.ByteBuffer.wrap(body));
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private static Answer notHeld(String table, String partition) {
    return Answer.text(
        404, "this worker does not hold partition " + partition + " of a table " + table);
  }

  private static Answer notFound(List<String> path) {
    return Answer.text(404, "nothing at /" + String.join("/", path));
  }
}
