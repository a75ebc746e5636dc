package dev.gretchen.verifier.load;

import dev.gretchen.verifier.contract.Partitioner;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Orders by symbol on the first topic, and queries by user on the second.
///
/// Of a hundred events [#QUERY_PERCENT] are queries. Of the orders most can be enriched; a few are
/// of symbols that the market does not know, and a few are no orders at all: an app must put both
/// aside. Keys lie where Kafka's own producers would put them, so that what the app sends under the
/// same key lies in the partition of the same number. Immutable, any thread.
public final class OrderBook implements LoadContent {

  /// What an event is.
  public enum Kind {
    /// An order with a price.
    PRICED,
    /// An order of a symbol that the market does not know.
    UNPRICED,
    /// Bytes that are no order.
    GARBLED,
    /// A query.
    QUERY
  }

  /// An order.
  ///
  /// @param symbol its number
  public record Order(int symbol, boolean buys, long quantity, long price) {}

  /// Share of events that are queries.
  public static final int QUERY_PERCENT = 18;

  private static final int UNPRICED_PERCENT = 2;
  private static final int GARBLED_PERCENT = 1;
  private static final int UNLISTED = 16;
  private static final int USERS = 500;

  private final List<String> symbols;
  private final byte[][] keys;
  private final int[] partitions;
  private final double[] zipf;
  private final Market market;
  private final Library library;

  OrderBook(List<String> symbols, int partitions, double skew, Market market, Library library) {
    this.symbols = List.copyOf(symbols);
    this.keys = new byte[symbols.size() + UNLISTED + USERS][];
    this.partitions = new int[keys.length];
    this.zipf = Chance.zipf(symbols.size(), skew);
    this.market = market;
    this.library = library;
    for (int number = 0; number < keys.length; number++) {
      keys[number] = name(number).getBytes(StandardCharsets.UTF_8);
      int second = number < symbols.size() + UNLISTED ? 0 : partitions;
      this.partitions[number] = second + Partitioner.partition(keys[number], partitions);
    }
  }

  private String name(int number) {
    if (number < symbols.size()) {
      return symbols.get(number);
    }
    int beyond = number - symbols.size();
    return beyond < UNLISTED ? "unlisted-" + beyond : "user-" + (beyond - UNLISTED);
  }

  /// What the market paid.
  public Market market() {
    return market;
  }

  /// What queries look for.
  public Library library() {
    return library;
  }

  /// What an event is.
  public Kind kind(long id) {
    int chance = Chance.below(Chance.of(id, 2), 100);
    if (chance < QUERY_PERCENT) {
      return Kind.QUERY;
    }
    chance -= QUERY_PERCENT;
    if (chance < UNPRICED_PERCENT) {
      return Kind.UNPRICED;
    }
    return chance < UNPRICED_PERCENT + GARBLED_PERCENT ? Kind.GARBLED : Kind.PRICED;
  }

  /// The order that an event holds; of kind PRICED or UNPRICED.
  public Order order(long id) {
    int symbol = keyNumber(id);
    long chance = Chance.of(id, 3);
    long around = symbol < symbols.size() ? market.basePrice(symbol) : 1_000_000;
    long permille = 980L + Chance.below(Chance.of(id, 6), 41);
    return new Order(
        symbol,
        (chance & 1) == 0,
        1L + Chance.below(chance, 1_000),
        around * permille / 1_000 + Chance.below(Chance.of(id, 9), 100));
  }

  /// What a query asks.
  public String query(long id) {
    return library.query(id);
  }

  @Override
  public int keyNumber(long id) {
    long chance = Chance.of(id, 1);
    return switch (kind(id)) {
      case PRICED, GARBLED -> Chance.pick(chance, symbols.size(), zipf);
      case UNPRICED -> symbols.size() + Chance.below(chance, UNLISTED);
      case QUERY -> symbols.size() + UNLISTED + Chance.below(chance, USERS);
    };
  }

  @Override
  public byte[] key(int keyNumber) {
    return keys[keyNumber];
  }

  @Override
  public int partition(int keyNumber) {
    return partitions[keyNumber];
  }

  @Override
  public byte[] value(long id) {
    String text =
        switch (kind(id)) {
          case PRICED, UNPRICED -> json(order(id));
          case GARBLED -> json(order(id)).substring(0, 20);
          case QUERY -> query(id);
        };
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String json(Order order) {
    return "{\"side\":\""
        + (order.buys() ? "buy" : "sell")
        + "\",\"quantity\":"
        + order.quantity()
        + ",\"price\":"
        + order.price()
        + "}";
  }

  @Override
  public boolean isAccepted(long id) {
    return kind(id) == Kind.PRICED;
  }

  @Override
  public List<String> acceptedKeys() {
    return symbols;
  }
}
