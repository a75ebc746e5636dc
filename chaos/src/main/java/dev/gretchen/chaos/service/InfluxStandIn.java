package dev.gretchen.chaos.service;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Speaks as much of InfluxDB 1.x as an app needs that asks for the last point at or before a
/// moment: `/ping`, `/write` with line protocol, `/query` for `CREATE DATABASE` and for
///
///     SELECT f, g FROM m WHERE t = $a AND time <= $b ORDER BY time DESC LIMIT 1
///
/// with bound parameters (times in nanoseconds) and `epoch=ms`. Anything else is an error that says
/// so. It says in `X-Influxdb-Version` that it is a stand-in; a test compares it with the real one,
/// answer for answer, wherever that is installed. Any thread.
final class InfluxStandIn implements Backend {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long NANOS = 1_000_000;

  private static final Pattern LAST_POINT =
      Pattern.compile(
          "(?i)SELECT ([\\w, ]+) FROM (\\w+) WHERE (\\w+) = \\$(\\w+) AND time <= \\$(\\w+)"
              + " ORDER BY time DESC LIMIT 1");

  private static final Pattern LINE =
      Pattern.compile("(\\w+),(\\w+)=([^ ,=]+) ([^ ]+) (-?\\d{1,19})");
  private static final Pattern FIELD = Pattern.compile("(\\w+)=(-?\\d{1,18}i|\"[^\"]*\")");

  private record Series(String measurement, String tag, String value) {}

  private final Map<Series, ConcurrentSkipListMap<Long, Map<String, Object>>> points =
      new ConcurrentHashMap<>();

  @Override
  public Answer answer(Request request) {
    String id = request.headers().getOrDefault("x-request-id", "");
    Answer answer =
        switch (request.path()) {
          case "/ping" -> new Answer(204, Map.of(), new byte[0]);
          case "/write" -> write(request);
          case "/query" -> query(request);
          default -> error(404, "not found");
        };
    return answer.with("x-influxdb-version", "gretchen-stand-in").with("x-request-id", id);
  }

  private Answer write(Request request) {
    if (!parameters(request).getOrDefault("precision", "").equals("ms")) {
      return error(400, "this stand-in takes points with precision=ms alone");
    }
    for (String line : request.text().split("\n", -1)) {
      if (!line.isEmpty() && !write(line)) {
        return error(400, "unable to parse '" + line + "'");
      }
    }
    return new Answer(204, Map.of(), new byte[0]);
  }

  private boolean write(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      return false;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Matcher field = FIELD.matcher(parts.group(4)); field.find(); ) {
      String value = field.group(2);
      fields.put(
          field.group(1),
          value.startsWith("\"")
              ? value.substring(1, value.length() - 1)
              : Long.valueOf(value.substring(0, value.length() - 1)));
    }
    points
        .computeIfAbsent(
            new Series(parts.group(1), parts.group(2), parts.group(3)),
            _ -> new ConcurrentSkipListMap<>())
        .put(Long.parseLong(parts.group(5)) * NANOS, fields);
    return true;
  }

  private Answer query(Request request) {
    Map<String, String> parameters = parameters(request);
    String query = parameters.getOrDefault("q", "");
    if (query.startsWith("CREATE DATABASE ")) {
      return ok(result());
    }
    Matcher parts = LAST_POINT.matcher(query);
    if (!parts.matches()) {
      return error(400, "this stand-in does not know the query " + query);
    }
    JsonNode bound = JSON.readTree(parameters.getOrDefault("params", "{}"));
    Series series =
        new Series(
            parts.group(2), parts.group(3), bound.path(parts.group(4)).asString("no such series"));
    var entry =
        points
            .getOrDefault(series, new ConcurrentSkipListMap<>())
            .floorEntry(bound.path(parts.group(5)).asLong());
    ObjectNode result = result();
    if (entry != null) {
      series(result, series, List.of(parts.group(1).split(", *", -1)), entry);
    }
    return ok(result);
  }

  private static void series(
      ObjectNode result,
      Series series,
      List<String> columns,
      Map.Entry<Long, Map<String, Object>> point) {
    ObjectNode node = result.putArray("series").addObject();
    node.put("name", series.measurement());
    ArrayNode names = node.putArray("columns").add("time");
    ArrayNode values = node.putArray("values").addArray().add(point.getKey() / NANOS);
    for (String column : columns) {
      names.add(column);
      value(values, column.equals(series.tag()) ? series.value() : point.getValue().get(column));
    }
  }

  private static void value(ArrayNode values, @Nullable Object value) {
    switch (value) {
      case Long number -> values.add(number);
      case String text -> values.add(text);
      case null, default -> values.addNull();
    }
  }

  private static ObjectNode result() {
    ObjectNode result = JSON.createObjectNode();
    result.put("statement_id", 0);
    return result;
  }

  private static Answer ok(ObjectNode result) {
    ObjectNode root = JSON.createObjectNode();
    root.putArray("results").add(result);
    return Answer.json(200, JSON.writeValueAsString(root) + "\n");
  }

  private static Answer error(int status, String message) {
    ObjectNode root = JSON.createObjectNode();
    root.put("error", message);
    return Answer.json(status, JSON.writeValueAsString(root) + "\n");
  }

  /// Those of the target and, where the body is a form, of the body.
  private static Map<String, String> parameters(Request request) {
    Map<String, String> parameters = new HashMap<>();
    int query = request.target().indexOf('?');
    if (query >= 0) {
      decode(request.target().substring(query + 1), parameters);
    }
    if (request
        .headers()
        .getOrDefault("content-type", "")
        .startsWith("application/x-www-form-urlencoded")) {
      decode(request.text(), parameters);
    }
    return parameters;
  }

  private static void decode(String form, Map<String, String> parameters) {
    for (String pair : form.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
  }
}
