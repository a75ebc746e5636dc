package dev.gretchen.apps.wordcolors;

import dev.gretchen.engine.Codec;

/// How many events, and which: beside the count goes the sum of their mixed ids modulo 2^64, so
/// that one lost and one doubled event cannot cancel.
///
/// As JSON: `{"count":12,"fingerprint":"00f3c1d2a4b59687"}`.
///
/// @param count how many events
/// @param mixed the sum of `mix(id)`
public record Tally(long count, long mixed) {

  private static final Tally ZERO = new Tally(0, 0);

  /// Of no event.
  public static Tally zero() {
    return ZERO;
  }

  /// Its JSON form.
  public static Codec<Tally> json() {
    return TallyCodec.JSON;
  }

  /// This tally and one more event.
  public Tally plus(long eventId) {
    return new Tally(count + 1, mixed + mix(eventId));
  }

  /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
  private static long mix(long id) {
    long x = (id ^ id >>> 30) * 0xbf58476d1ce4e5b9L;
    x = (x ^ x >>> 27) * 0x94d049bb133111ebL;
    return x ^ x >>> 31;
  }
}
