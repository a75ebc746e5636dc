package dev.gretchen.apps.windows;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gretchen.engine.Codec;
import dev.gretchen.engine.Codecs;
import java.util.HexFormat;

/// How many views, and which: beside the count goes the sum of their mixed ids modulo 2^64, so that
/// one lost and one doubled view cannot cancel.
///
/// As JSON: `{"count":12,"fingerprint":"00f3c1d2a4b59687"}`.
///
/// @param count how many views
/// @param mixed the sum of `mix(id)` of their events
public record Tally(long count, long mixed) {

  private static final Tally ZERO = new Tally(0, 0);
  private static final Codec<Tally> JSON = Codecs.json(Tally.class);

  /// Of no view.
  public static Tally zero() {
    return ZERO;
  }

  /// Its JSON form.
  public static Codec<Tally> json() {
    return JSON;
  }

  /// Reads the JSON form.
  @JsonCreator
  public static Tally of(
      @JsonProperty(value = "count", required = true) long count,
      @JsonProperty(value = "fingerprint", required = true) String fingerprint) {
    return new Tally(count, HexFormat.fromHexDigitsToLong(fingerprint));
  }

  @JsonProperty("count")
  @Override
  public long count() {
    return count;
  }

  /// The sum as 16 hexadecimal digits.
  @JsonProperty("fingerprint")
  public String fingerprint() {
    return HexFormat.of().toHexDigits(mixed);
  }

  @JsonIgnore
  @Override
  public long mixed() {
    return mixed;
  }

  /// This tally and one more view.
  public Tally plus(long eventId) {
    return new Tally(count + 1, mixed + mix(eventId));
  }

  /// This tally and another one, of other views.
  public Tally and(Tally other) {
    return new Tally(count + other.count, mixed + other.mixed);
  }

  /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
  private static long mix(long id) {
    long x = (id ^ id >>> 30) * 0xbf58476d1ce4e5b9L;
    x = (x ^ x >>> 27) * 0x94d049bb133111ebL;
    return x ^ x >>> 31;
  }
}
