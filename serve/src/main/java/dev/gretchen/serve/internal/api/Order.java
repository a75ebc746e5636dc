package dev.gretchen.serve.internal.api;

import dev.gretchen.serve.internal.http.Refused;
import dev.gretchen.verifier.settings.Lengths;
import dev.gretchen.verifier.soak.Campaign;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A campaign that somebody wants, read from the body of a request. Pure.
///
/// @param campaign the name of one that is shipped
/// @param length how long its runs may take together, zero where the campaign itself ends
/// @param seed empty for a new one
record Order(String campaign, Duration length, Optional<Long> seed) {

  private static final Duration NIGHT = Duration.ofHours(8);
  private static final Duration LENGTH_MAX = Duration.ofDays(31);
  private static final List<String> KEYS = List.of("campaign", "for", "seed");

  /// Reads it.
  ///
  /// @throws Refused where it says something that is not allowed
  static Order read(String body) {
    JsonNode order = object(body);
    for (String key : order.propertyNames()) {
      if (!KEYS.contains(key)) {
        throw Refused.badRequest(
            "Unknown field '%s'; there are %s".formatted(key, String.join(", ", KEYS)));
      }
    }
    String campaign = text(order, "campaign");
    if (campaign == null || !Campaign.SHIPPED.contains(campaign)) {
      throw Refused.badRequest(
          "campaign: expected one of %s, found %s"
              .formatted(
                  String.join(", ", Campaign.SHIPPED),
                  campaign == null ? "none" : "'" + campaign + "'"));
    }
    return new Order(campaign, length(order, campaign), seed(order));
  }

  private static JsonNode object(String body) {
    JsonNode order;
    try {
      order = Json.MAPPER.readTree(body);
    } catch (JacksonException e) {
      throw Refused.badRequest("The body cannot be read as JSON: " + e.getOriginalMessage());
    }
    if (order == null || !order.isObject()) {
      throw Refused.badRequest("Expected an object such as {\"campaign\": \"pr\"} as the body");
    }
    return order;
  }

  private static Duration length(JsonNode order, String campaign) {
    String text = text(order, "for");
    if (text == null) {
      Campaign chosen = Campaign.parse(campaign + ".yaml", Campaign.shipped(campaign));
      return chosen.endsByItself() ? Duration.ZERO : NIGHT;
    }
    return Lengths.parse(text)
        .filter(length -> length.compareTo(LENGTH_MAX) <= 0)
        .orElseThrow(() ->
            Refused.badRequest(
                "for: expected a time such as 90s, 5m or 8h, of %d days at the most, found '%s'"
                    .formatted(LENGTH_MAX.toDays(), text)));
  }

  private static Optional<Long> seed(JsonNode order) {
    JsonNode seed = order.path("seed");
    if (seed.isMissingNode() || seed.isNull()) {
      return Optional.empty();
    }
    if (seed.isIntegralNumber() && seed.canConvertToLong()) {
      return Optional.of(seed.asLong());
    }
    try {
      return Optional.of(Long.parseLong(seed.asString("")));
    } catch (NumberFormatException _) {
      throw Refused.badRequest("seed: expected a whole number of 64 bits, found " + seed);
    }
  }

  private static @Nullable String text(JsonNode order, String key) {
    JsonNode value = order.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw Refused.badRequest("%s: expected a text, found %s".formatted(key, value));
    }
    return value.asString();
  }
}
