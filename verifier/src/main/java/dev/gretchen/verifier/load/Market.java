package dev.gretchen.verifier.load;

import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Mix;
import java.time.Duration;

/// What the market paid for each symbol: a pure function of the seed.
///
/// Each symbol has a quote every [#interval], at moments of its own, from before the first event of
/// the load to after its last. Immutable, any thread.
public final class Market {

  /// By how much the first quotes are older than the load's first event, at the least.
  private static final long LEAD_MILLIS = Duration.ofMinutes(1).toMillis();

  private static final long INTERVAL_MILLIS_MIN = 5_000;
  private static final int QUOTES_PER_SYMBOL = 50;
  private static final int PRICE_MIN = 10_000;
  private static final int PRICE_SPREAD = 5_000_000;

  private final long key;
  private final long start;
  private final long end;
  private final long interval;

  Market(long key, long start, Duration length) {
    this.key = Mix.mix(key + 1);
    this.start = start;
    this.end = start + length.toMillis();
    this.interval = Math.max(INTERVAL_MILLIS_MIN, length.toMillis() / QUOTES_PER_SYMBOL);
  }

  /// The time between two quotes of a symbol.
  public Duration interval() {
    return Duration.ofMillis(interval);
  }

  /// How many quotes a symbol has.
  public int quotes(int symbol) {
    return (int) ((end - first(symbol)) / interval) + 1;
  }

  /// A quote of a symbol.
  ///
  /// @param number from 0
  public Quote quote(int symbol, long number) {
    long chance = Mix.mix(Mix.mix(key ^ symbol) + number);
    long permille = 950L + Chance.below(chance, 101);
    return new Quote(
        first(symbol) + number * interval,
        basePrice(symbol) * permille / 1_000,
        Hex16.of(Mix.mix(chance)));
  }

  /// The last quote of a symbol at or before a moment of the load.
  public Quote at(int symbol, long millis) {
    return quote(symbol, Math.floorDiv(millis - first(symbol), interval));
  }

  /// Around what its quotes move.
  long basePrice(int symbol) {
    return (long) PRICE_MIN + Chance.below(Mix.mix(key + symbol), PRICE_SPREAD);
  }

  private long first(int symbol) {
    return start - LEAD_MILLIS - Chance.below(Mix.mix(key - symbol), (int) interval);
  }
}
