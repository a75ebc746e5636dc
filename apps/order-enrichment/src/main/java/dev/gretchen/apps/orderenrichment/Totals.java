package dev.gretchen.apps.orderenrichment;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HexFormat;

/// How many orders, which, and how much they bought and sold.
///
/// As JSON: `{"count":12,"fingerprint":"00f3c1d2a4b59687","volume":3400}`.
///
/// @param count how many orders
/// @param mixed the sum of `mix(id)` of their events modulo 2^64
/// @param volume the sum of their quantities
public record Totals(long count, long mixed, long volume) {

  private static final Totals ZERO = new Totals(0, 0, 0);

  /// One order more.
  record Done(long eventId, long quantity) {}

  /// Of no order.
  public static Totals zero() {
    return ZERO;
  }

  /// Reads the JSON form.
  @JsonCreator
  public static Totals of(
      @JsonProperty(value = "count", required = true) long count,
      @JsonProperty(value = "fingerprint", required = true) String fingerprint,
      @JsonProperty(value = "volume", required = true) long volume) {
    return new Totals(count, HexFormat.fromHexDigitsToLong(fingerprint), volume);
  }

  Totals plus(Done order) {
    return new Totals(count + 1, mixed + mix(order.eventId()), volume + order.quantity());
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

  @JsonProperty("volume")
  @Override
  public long volume() {
    return volume;
  }

  @JsonIgnore
  @Override
  public long mixed() {
    return mixed;
  }

  /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
  private static long mix(long id) {
    long x = (id ^ id >>> 30) * 0xbf58476d1ce4e5b9L;
    x = (x ^ x >>> 27) * 0x94d049bb133111ebL;
    return x ^ x >>> 31;
  }
}
