package dev.gretchen.apps.wordcolors;

import dev.gretchen.engine.Codec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// Tallies as JSON, in the one form that the contract has for them.
///
/// By hand, because a tally is written for every key and commit, and a general JSON writer took
/// more time than counting.
enum TallyCodec implements Codec<Tally> {
  JSON;

  private static final byte[] HEAD = ascii("{\"count\":");
  private static final byte[] MIDDLE = ascii(",\"fingerprint\":\"");
  private static final byte[] TAIL = ascii("\"}");
  private static final int FINGERPRINT_DIGITS = 16;
  private static final int BITS_PER_DIGIT = 4;

  /// Behind the count, all is of one length.
  private static final int AFTER_COUNT = MIDDLE.length + FINGERPRINT_DIGITS + TAIL.length;

  /// Those of a long.
  private static final int COUNT_DIGITS_MAX = 19;

  @Override
  public byte[] encode(Tally tally) {
    int digits = 1;
    for (long left = tally.count(); left > 9; left /= 10) {
      digits++;
    }
    byte[] json = new byte[HEAD.length + digits + AFTER_COUNT];
    System.arraycopy(HEAD, 0, json, 0, HEAD.length);
    int at = HEAD.length + digits;
    System.arraycopy(MIDDLE, 0, json, at, MIDDLE.length);
    System.arraycopy(TAIL, 0, json, json.length - TAIL.length, TAIL.length);
    long count = tally.count();
    for (int place = at - 1; place >= HEAD.length; place--) {
      json[place] = (byte) ('0' + count % 10);
      count /= 10;
    }
    long mixed = tally.mixed();
    for (int place = json.length - TAIL.length - 1; place >= at + MIDDLE.length; place--) {
      json[place] = (byte) Character.forDigit((int) mixed & 0xf, 1 << BITS_PER_DIGIT);
      mixed >>>= BITS_PER_DIGIT;
    }
    return json;
  }

  @Override
  public Tally decode(byte[] json) {
    int at = json.length - AFTER_COUNT;
    int digits = at - HEAD.length;
    if (digits < 1
        || digits > COUNT_DIGITS_MAX
        || !has(HEAD, json, 0)
        || !has(MIDDLE, json, at)
        || !has(TAIL, json, json.length - TAIL.length)) {
      throw foreign(json);
    }
    long count = 0;
    for (int place = HEAD.length; place < at; place++) {
      int digit = json[place] - '0';
      if (digit < 0 || digit > 9) {
        throw foreign(json);
      }
      count = count * 10 + digit;
    }
    long mixed = 0;
    for (int place = at + MIDDLE.length; place < json.length - TAIL.length; place++) {
      if (!HexFormat.isHexDigit(json[place])) {
        throw foreign(json);
      }
      mixed = mixed << BITS_PER_DIGIT | HexFormat.fromHexDigit(json[place]);
    }
    return new Tally(count, mixed);
  }

  private static boolean has(byte[] part, byte[] json, int at) {
    return Arrays.equals(json, at, at + part.length, part, 0, part.length);
  }

  private static IllegalArgumentException foreign(byte[] json) {
    return new IllegalArgumentException(
        "expected a tally such as {\"count\":12,\"fingerprint\":\"00f3c1d2a4b59687\"}, found '"
            + new String(json, StandardCharsets.UTF_8)
            + "'");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
