package dev.gretchen.verifier.contract;

/// What a counting app keeps for one key: how many events, and which.
///
/// @param count how many
/// @param fingerprint sum of `mix(id)` of their ids, modulo 2^64
public record Tally(long count, long fingerprint) {

  /// Nothing counted yet.
  public static final Tally NONE = new Tally(0, 0);

  /// This tally and one event more.
  public Tally plus(long eventId) {
    return new Tally(count + 1, fingerprint + Mix.mix(eventId));
  }

  /// This tally and another one, of other events.
  public Tally and(Tally other) {
    return new Tally(count + other.count, fingerprint + other.fingerprint);
  }

  @Override
  public String toString() {
    return count + " events, fingerprint " + Hex16.of(fingerprint);
  }
}
