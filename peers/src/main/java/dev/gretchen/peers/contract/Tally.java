package dev.gretchen.peers.contract;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// How many events, and the sum of their mixed ids modulo 2^64.
///
/// As JSON: `{"count":12,"fingerprint":"00f3c1d2a4b59687"}`, written and read by hand, as whoever
/// knows the one form that there is would do it.
///
/// @param count how many events
/// @param mixed the sum of `mix(id)`
public record Tally(long count, long mixed) {

  private static final Tally ZERO = new Tally(0, 0);
  private static final byte[] BEFORE = ascii("{\"count\":");
  private static final byte[] BETWEEN = ascii(",\"fingerprint\":\"");
  private static final byte[] AFTER = ascii("\"}");
  private static final byte[] HEX = ascii("0123456789abcdef");
  private static final int HEX_DIGITS = 16;

  /// Of no event.
  public static Tally zero() {
    return ZERO;
  }

  /// This tally and one more event.
  public Tally plus(long eventId) {
    return new Tally(count + 1, mixed + mix(eventId));
  }

  /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
  public static long mix(long id) {
    long x = (id ^ id >>> 30) * 0xbf58476d1ce4e5b9L;
    x = (x ^ x >>> 27) * 0x94d049bb133111ebL;
    return x ^ x >>> 31;
  }

  /// As JSON in UTF-8.
  public byte[] toJson() {
    return json(count, mixed);
  }

  /// A tally as JSON in UTF-8, without an object in between.
  public static byte[] json(long count, long mixed) {
    int digits = digits(count);
    byte[] json = new byte[BEFORE.length + digits + BETWEEN.length + HEX_DIGITS + AFTER.length];
    System.arraycopy(BEFORE, 0, json, 0, BEFORE.length);
    int at = BEFORE.length + digits;
    long rest = count;
    for (int i = at - 1; i >= BEFORE.length; i--) {
      json[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    System.arraycopy(BETWEEN, 0, json, at, BETWEEN.length);
    at += BETWEEN.length;
    for (int i = 0; i < HEX_DIGITS; i++) {
      json[at + i] = HEX[(int) (mixed >>> (60 - 4 * i) & 0xf)];
    }
    System.arraycopy(AFTER, 0, json, at + HEX_DIGITS, AFTER.length);
    return json;
  }

  /// Reads what [#json] wrote.
  ///
  /// @throws IllegalArgumentException for anything else
  public static Tally of(byte[] json) {
    int end = json.length - AFTER.length - HEX_DIGITS - BETWEEN.length;
    long count = 0;
    for (int i = BEFORE.length; i < end; i++) {
      int digit = json[i] - '0';
      if (digit < 0 || digit > 9) {
        throw foreign(json);
      }
      count = count * 10 + digit;
    }
    if (end <= BEFORE.length) {
      throw foreign(json);
    }
    long mixed = 0;
    for (int i = end + BETWEEN.length; i < json.length - AFTER.length; i++) {
      mixed = mixed << 4 | HexFormat.fromHexDigit(json[i]);
    }
    return new Tally(count, mixed);
  }

  private static IllegalArgumentException foreign(byte[] json) {
    return new IllegalArgumentException(
        "expected a tally such as {\"count\":1,\"fingerprint\":\"0123456789abcdef\"}, found "
            + new String(json, StandardCharsets.UTF_8));
  }

  private static int digits(long count) {
    int digits = 1;
    for (long rest = count / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
