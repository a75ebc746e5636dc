package dev.gretchen.verifier.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.contract.LoadKind;
import dev.gretchen.verifier.contract.Partitioner;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class OrderBookTest {

  private static final LoadPlan PLAN =
      new LoadPlan(
          LoadShape.uniform(7, 1_000, Duration.ofSeconds(20), 8, "synthetic:200"), LoadKind.ORDERS);

  @Property
  void keysLieWhereKafkasProducersPutThem(
      @ForAll @Size(min = 1, max = 40) byte[] key, @ForAll @IntRange(min = 1, max = 50) int count) {
    assertThat(Partitioner.partition(key, count))
        .isEqualTo(BuiltInPartitioner.partitionForKey(key, count));
  }

  @Test
  void everyKindHasItsShareAndItsTopic() {
    Map<OrderBook.Kind, Integer> kinds = new EnumMap<>(OrderBook.Kind.class);
    for (long i = 0; i < PLAN.count(); i++) {
      LoadEvent event = PLAN.event(i);
      OrderBook.Kind kind = PLAN.orders().kind(event.id());
      kinds.merge(kind, 1, Integer::sum);
      boolean second = kind == OrderBook.Kind.QUERY;
      assertThat(event.partition()).isBetween(second ? 8 : 0, second ? 15 : 7);
      assertThat(PLAN.isColor(event.id())).isEqualTo(kind == OrderBook.Kind.PRICED);
    }
    assertThat(kinds.get(OrderBook.Kind.QUERY)).isBetween(3_400, 3_800);
    assertThat(kinds.get(OrderBook.Kind.UNPRICED)).isBetween(330, 470);
    assertThat(kinds.get(OrderBook.Kind.GARBLED)).isBetween(150, 260);
  }

  @Test
  void theQuoteOfAMomentIsTheLastAtOrBeforeIt() {
    Market market = PLAN.orders().market();
    for (long i = 0; i < PLAN.count(); i += 17) {
      long id = PLAN.id(i);
      if (!PLAN.isColor(id)) {
        continue;
      }
      int symbol = PLAN.orders().order(id).symbol();
      long time = PLAN.time(i, id);
      Quote expected = null;
      for (int n = 0; n < market.quotes(symbol); n++) {
        Quote quote = market.quote(symbol, n);
        if (quote.at() <= time) {
          expected = quote;
        }
      }
      assertThat(market.at(symbol, time)).isEqualTo(expected);
    }
  }

  @Test
  void theQuoteAtItsVeryMomentCounts() {
    Market market = PLAN.orders().market();
    Quote quote = market.quote(3, 4);

    assertThat(market.at(3, quote.at())).isEqualTo(quote);
    assertThat(market.at(3, quote.at() - 1)).isEqualTo(market.quote(3, 3));
  }

  @Test
  void garbledOrdersAreNoJsonAndOthersAre() {
    for (long i = 0; i < 2_000; i++) {
      long id = PLAN.id(i);
      String value = new String(PLAN.value(id), UTF_8);
      switch (PLAN.orders().kind(id)) {
        case PRICED, UNPRICED -> assertThat(value).startsWith("{\"side\":\"").endsWith("}");
        case GARBLED -> assertThat(value).startsWith("{").doesNotEndWith("}");
        case QUERY -> assertThat(value).matches("[a-z0-9]+( [a-z]+)?");
      }
    }
  }
}
