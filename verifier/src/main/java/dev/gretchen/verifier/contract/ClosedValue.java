package dev.gretchen.verifier.contract;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an app says of a window that has closed:
/// `{"start":…,"end":…,"count":12,"fingerprint":"…"}`.
///
/// @param start epoch milliseconds, in the window
/// @param end epoch milliseconds, behind it
public record ClosedValue(long start, long end, Tally tally) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// The window that some bytes say, or null where they say none.
  public static @Nullable ClosedValue decode(byte[] json) {
    try {
      JsonNode node = JSON.readTree(json);
      JsonNode count = node.path("count");
      JsonNode fingerprint = node.path("fingerprint");
      if (!node.path("start").isIntegralNumber()
          || !node.path("end").isIntegralNumber()
          || !count.isIntegralNumber()
          || !fingerprint.isString()) {
        return null;
      }
      return new ClosedValue(
          node.path("start").longValue(),
          node.path("end").longValue(),
          new Tally(count.longValue(), Hex16.parse(fingerprint.stringValue())));
    } catch (JacksonException | IllegalArgumentException _) {
      return null;
    }
  }

  /// The bytes.
  public byte[] encode() {
    String text =
        "{\"start\":"
            + start
            + ",\"end\":"
            + end
            + ",\"count\":"
            + tally.count()
            + ",\"fingerprint\":\""
            + Hex16.of(tally.fingerprint())
            + "\"}";
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
