package dev.gretchen.apps.orderenrichment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Prices from InfluxDB 1.x: the last point at or before a moment, by bound parameters, so that no
/// symbol can be more than a symbol.
final class InfluxPrices implements Prices {

  private static final String QUERY =
      "SELECT price, quote, symbol FROM quotes"
          + " WHERE symbol = $symbol AND time <= $time ORDER BY time DESC LIMIT 1";
  private static final long NANOS = 1_000_000;

  private final JsonService influx;
  private final String head;

  InfluxPrices(JsonService influx, String database) {
    this.influx = influx;
    this.head =
        "db="
            + URLEncoder.encode(database, UTF_8)
            + "&epoch=ms&q="
            + URLEncoder.encode(QUERY, UTF_8)
            + "&params=";
  }

  @Override
  public Optional<Quote> at(String symbol, long millis, String call) {
    String bound =
        JsonService.JSON.writeValueAsString(Map.of("symbol", symbol, "time", millis * NANOS));
    return influx.post(
        "/query",
        Map.of("Content-Type", "application/x-www-form-urlencoded", "X-Request-Id", call),
        head + URLEncoder.encode(bound, UTF_8),
        answer -> {
          answer.mustEcho("X-Request-Id", call);
          return quote(answer.json(), symbol, millis);
        });
  }

  private static Optional<Quote> quote(JsonNode json, String symbol, long millis) {
    JsonNode result = json.path("results").path(0);
    if (!result.has("statement_id") || result.has("error")) {
      throw new TryAgain("the answer holds no result: " + json);
    }
    if (!result.has("series")) {
      return Optional.empty();
    }
    JsonNode row = result.path("series").path(0).path("values").path(0);
    long at = row.path(0).asLong(Long.MAX_VALUE);
    if (at > millis
        || !row.path(1).isIntegralNumber()
        || !row.path(3).asString("").equals(symbol)) {
      throw new TryAgain("the answer is no price of " + symbol + " at " + millis + ": " + row);
    }
    return Optional.of(new Quote(at, row.path(1).longValue(), row.path(2).asString()));
  }
}
