package dev.gretchen.verifier.contract;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads what services are asked and answer, and what an enriching app makes of it.
public final class ServiceJson {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ServiceJson() {}

  /// What an app says of an order.
  public record Quality(long market, String quote, long quotedAt, BigDecimal bps, long mail) {}

  /// What an app says of a query.
  public record TopHit(@Nullable String query, @Nullable String document, @Nullable String title) {}

  /// What a service told in an answer, as one word; null where the bytes tell nothing.
  public static @Nullable String told(String service, String answer) {
    JsonNode json = parse(answer);
    if (json == null) {
      return null;
    }
    return switch (service) {
      case "influxdb" -> quote(json);
      case "search" -> hit(json);
      case "mailer" -> json.path("mail").isIntegralNumber() ? json.path("mail").asString() : null;
      default -> null;
    };
  }

  /// What `told` says of a quote.
  public static String quote(long at, long price, String mark) {
    return at + " " + price + " " + mark;
  }

  /// What `told` says where nothing was found.
  public static final String NOTHING = "nothing";

  private static @Nullable String quote(JsonNode json) {
    JsonNode result = json.path("results").path(0);
    if (!result.has("statement_id") || result.has("error")) {
      return null;
    }
    if (!result.has("series")) {
      return NOTHING;
    }
    JsonNode row = result.path("series").path(0).path("values").path(0);
    return quote(row.path(0).asLong(-1), row.path(1).asLong(-1), row.path(2).asString(""));
  }

  private static @Nullable String hit(JsonNode json) {
    JsonNode found = json.path("hits").path("total").path("value");
    if (!found.isIntegralNumber()) {
      return null;
    }
    return found.asInt() == 0
        ? NOTHING
        : json.path("hits").path("hits").path(0).path("_id").asString("");
  }

  /// The order that the request for a mail names, empty where it names none.
  public static String mailedOrder(String request) {
    int body = request.indexOf('{');
    JsonNode json = body < 0 ? null : parse(request.substring(body));
    return json == null ? "" : json.path("order").asString("");
  }

  /// What an app says of an order, null where the bytes are no such thing.
  public static @Nullable Quality quality(byte[] value) {
    JsonNode json = parse(new String(value, java.nio.charset.StandardCharsets.UTF_8));
    if (json == null
        || !json.path("market").isIntegralNumber()
        || !json.path("quotedAt").isIntegralNumber()
        || !json.path("mail").isIntegralNumber()
        || !json.path("bps").isNumber()) {
      return null;
    }
    return new Quality(
        json.path("market").longValue(),
        json.path("quote").asString(""),
        json.path("quotedAt").longValue(),
        json.path("bps").decimalValue(),
        json.path("mail").longValue());
  }

  /// What an app says of a query, null where the bytes are no such thing.
  public static @Nullable TopHit topHit(byte[] value) {
    JsonNode json = parse(new String(value, java.nio.charset.StandardCharsets.UTF_8));
    if (json == null || !json.path("query").isString()) {
      return null;
    }
    return new TopHit(
        json.path("query").stringValue(), text(json, "document"), text(json, "title"));
  }

  /// A whole number in a field of an object, -1 where there is none.
  public static long number(byte[] value, String field) {
    JsonNode json = parse(new String(value, java.nio.charset.StandardCharsets.UTF_8));
    JsonNode number = json == null ? null : json.path(field);
    return number != null && number.isIntegralNumber() ? number.longValue() : -1;
  }

  private static @Nullable String text(JsonNode json, String field) {
    JsonNode node = json.path(field);
    return node.isString() ? node.stringValue() : null;
  }

  private static @Nullable JsonNode parse(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return json.isObject() ? json : null;
    } catch (JacksonException _) {
      return null;
    }
  }
}
