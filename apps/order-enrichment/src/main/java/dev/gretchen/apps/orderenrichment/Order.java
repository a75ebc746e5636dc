package dev.gretchen.apps.orderenrichment;

/// An order that was executed; its symbol is the event's key, its time the event's.
///
/// @param side which way
/// @param quantity how many
/// @param price of one, in hundredths of a cent
public record Order(Side side, long quantity, long price) {

  /// Which way.
  public enum Side {
    buy,
    sell
  }

  public Order {
    if (side == null || quantity < 1 || price < 1) {
      throw new IllegalArgumentException(
          "an order needs a side, a quantity and a price above zero, found "
              + side
              + ", "
              + quantity
              + ", "
              + price);
    }
  }
}
