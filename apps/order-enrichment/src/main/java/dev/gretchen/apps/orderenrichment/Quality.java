package dev.gretchen.apps.orderenrichment;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// How well an order was executed: its price against the market's at its time.
///
/// @param market the market's price
/// @param quote the mark of the market's quote
/// @param quotedAt epoch milliseconds of that quote
/// @param bps by how much the order was worse than the market, in basis points with two decimals,
///   rounded half to even: a buyer who paid more and a seller who got less are above zero
/// @param mail the number of the mail that confirmed it
public record Quality(
    Order order, long market, String quote, long quotedAt, BigDecimal bps, long mail) {

  private static final BigDecimal BASIS_POINTS = BigDecimal.valueOf(10_000);

  static Quality of(Order order, Quote quote, long mail) {
    long worse =
        switch (order.side()) {
          case buy -> order.price() - quote.price();
          case sell -> quote.price() - order.price();
        };
    BigDecimal bps =
        BigDecimal.valueOf(worse)
            .multiply(BASIS_POINTS)
            .divide(BigDecimal.valueOf(quote.price()), 2, RoundingMode.HALF_EVEN);
    return new Quality(order, quote.price(), quote.mark(), quote.at(), bps, mail);
  }
}
