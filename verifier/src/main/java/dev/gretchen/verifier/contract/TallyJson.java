package dev.gretchen.verifier.contract;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads and writes tallies as JSON.
///
/// A judge decodes several tallies for every event of the load, so the usual shape, an object of
/// exactly `count` and `fingerprint` in either order with any white space, is parsed straight from
/// the bytes, and the canonical form, which most apps write, without even looking for white space.
/// Whatever that strict parser does not take goes to Jackson, which decides what is valid JSON;
/// both must agree on what they accept.
public final class TallyJson {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte[] HEAD = "{\"count\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MIDDLE = ",\"fingerprint\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TAIL = "\"}".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGITS = 16;
  private static final byte[] COUNT = "count".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FINGERPRINT = "fingerprint".getBytes(StandardCharsets.US_ASCII);
  private static final int COUNT_DIGITS_MAX = 18;

  private final byte[] bytes;
  private int at;

  private TallyJson(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The tally that some bytes say, or null where they say none.
  public static @Nullable Tally decode(byte[] json) {
    Tally canonical = canonical(json);
    if (canonical != null) {
      return canonical;
    }
    Tally fast = new TallyJson(json).parse();
    return fast != null ? fast : slow(json);
  }

  /// The tally of bytes in the canonical form, byte by byte; null for any other.
  private static @Nullable Tally canonical(byte[] json) {
    int digits = json.length - TAIL.length - DIGITS;
    int end = digits - MIDDLE.length;
    int length = end - HEAD.length;
    if (length < 1
        || length > COUNT_DIGITS_MAX
        || (length > 1 && json[HEAD.length] == '0')
        || !holds(json, 0, HEAD)
        || !holds(json, end, MIDDLE)
        || !holds(json, digits + DIGITS, TAIL)) {
      return null;
    }
    long count = 0;
    for (int i = HEAD.length; i < end; i++) {
      int digit = json[i] - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      count = count * 10 + digit;
    }
    long fingerprint = 0;
    int wrong = 0;
    for (int i = digits; i < digits + DIGITS; i++) {
      int digit = Hex16.digit(json[i]);
      wrong |= digit;
      fingerprint = fingerprint << 4 | digit;
    }
    return wrong < 0 ? null : new Tally(count, fingerprint);
  }

  private static boolean holds(byte[] json, int at, byte[] part) {
    return Arrays.equals(json, at, at + part.length, part, 0, part.length);
  }

  /// The canonical form.
  public static byte[] encode(Tally tally) {
    String text =
        "{\"count\":"
            + tally.count()
            + ",\"fingerprint\":\""
            + Hex16.of(tally.fingerprint())
            + "\"}";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static @Nullable Tally slow(byte[] json) {
    try {
      JsonNode node = JSON.readTree(json);
      JsonNode count = node.get("count");
      JsonNode fingerprint = node.get("fingerprint");
      if (count == null
          || fingerprint == null
          || !count.isIntegralNumber()
          || !count.canConvertToLong()
          || count.longValue() < 0
          || !fingerprint.isString()) {
        return null;
      }
      return new Tally(count.longValue(), Hex16.parse(fingerprint.stringValue()));
    } catch (JacksonException | IllegalArgumentException _) {
      return null;
    }
  }

  private @Nullable Tally parse() {
    long count = -1;
    long fingerprint = 0;
    boolean hasFingerprint = false;
    if (!take('{')) {
      return null;
    }
    for (int field = 0; field < 2; field++) {
      if (field == 1 && !take(',')) {
        return null;
      }
      if (count < 0 && takeName(COUNT)) {
        count = number();
        if (count < 0) {
          return null;
        }
      } else if (!hasFingerprint && takeName(FINGERPRINT)) {
        if (!take('"') || at + 16 >= bytes.length) {
          return null;
        }
        for (int end = at + 16; at < end; at++) {
          int digit = Hex16.digit(bytes[at]);
          if (digit < 0) {
            return null;
          }
          fingerprint = fingerprint << 4 | digit;
        }
        if (bytes[at++] != '"') {
          return null;
        }
        hasFingerprint = true;
      } else {
        return null;
      }
    }
    if (!take('}')) {
      return null;
    }
    skipSpace();
    return at == bytes.length ? new Tally(count, fingerprint) : null;
  }

  private long number() {
    skipSpace();
    int start = at;
    long value = 0;
    while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
      value = value * 10 + bytes[at++] - '0';
    }
    int digits = at - start;
    boolean leadingZero = digits > 1 && bytes[start] == '0';
    return digits == 0 || digits > COUNT_DIGITS_MAX || leadingZero ? -1 : value;
  }

  /// Takes `"name":`, or nothing.
  private boolean takeName(byte[] name) {
    int start = at;
    if (take('"') && at + name.length < bytes.length) {
      int i = 0;
      while (i < name.length && bytes[at + i] == name[i]) {
        i++;
      }
      if (i == name.length && bytes[at + i] == '"') {
        at += i + 1;
        if (take(':')) {
          return true;
        }
      }
    }
    at = start;
    return false;
  }

  private boolean take(char expected) {
    skipSpace();
    if (at < bytes.length && bytes[at] == expected) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < bytes.length
        && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
      at++;
    }
  }
}
