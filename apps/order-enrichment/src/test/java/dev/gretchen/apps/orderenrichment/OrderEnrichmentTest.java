package dev.gretchen.apps.orderenrichment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.apps.orderenrichment.Order.Side;
import dev.gretchen.testkit.AppTester;
import dev.gretchen.testkit.TestRecord;
import dev.gretchen.testkit.TestTable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrderEnrichmentTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final Map<String, Integer> attempts = new HashMap<>();
  private final Map<String, Long> mails = new HashMap<>();
  private boolean mailerIsDead;

  private AppTester tester() {
    return AppTester.of(OrderEnrichment.app(this::price, this::mail, this::search));
  }

  private Optional<Quote> price(String symbol, long millis, String call) {
    return symbol.equals("unheard-of")
        ? Optional.empty()
        : Optional.of(new Quote(millis - 1, 10_000, "q-" + symbol));
  }

  private long mail(String orderId, String symbol, Order order, String key) {
    if (mailerIsDead) {
      throw new DependencyFailure("mailer", "status 503");
    }
    attempts.merge(key, 1, Integer::sum);
    return mails.computeIfAbsent(key, _ -> mails.size() + 1L);
  }

  private TopHit search(String query, String call) {
    return query.equals("nowhere") ? new TopHit(query, null, null) : new TopHit(query, "d1", query);
  }

  @Test
  void holdsAnOrderAgainstTheMarketOfItsTime() {
    try (AppTester tester = tester()) {
      tester.pipe("orders", "acme", new Order(Side.buy, 5, 10_010), NOON);
      tester.pipe("orders", "acme", new Order(Side.sell, 7, 10_010), NOON.plusSeconds(1));

      List<TestRecord<String, Quality>> quality = tester.read("order-quality");

      assertThat(quality)
          .extracting(record -> record.value().bps())
          .containsExactly(new BigDecimal("10.00"), new BigDecimal("-10.00"));
      assertThat(quality.getFirst().value().quotedAt()).isEqualTo(NOON.toEpochMilli() - 1);
      assertThat(quality.getFirst().value().quote()).isEqualTo("q-acme");
    }
  }

  @Test
  void roundsHalfABasisPointsHundredthToEven() {
    Quality quality =
        Quality.of(new Order(Side.buy, 1, 1_000_001), new Quote(0, 2_000_000, "q"), 1);

    assertThat(quality.bps()).isEqualTo(new BigDecimal("-5000.00"));
    assertThat(Quality.of(new Order(Side.buy, 1, 400_001), new Quote(0, 400_000, "q"), 1).bps())
        .as("0.025 lies between two")
        .isEqualTo(new BigDecimal("0.02"));
  }

  @Test
  void countsOrdersAndTheirVolumeBySymbolAndByMinute() {
    try (AppTester tester = tester()) {
      tester.pipe("orders", "acme", new Order(Side.buy, 5, 10_000), NOON);
      tester.pipe("orders", "acme", new Order(Side.buy, 6, 10_000), NOON.plusSeconds(60));
      tester.pipe("orders", "zinc", new Order(Side.sell, 1, 10_000), NOON);

      TestTable<String, Totals> total = tester.table("symbol-total");
      TestTable<String, Totals> minute = tester.table("symbol-minute");

      assertThat(total.get("acme").orElseThrow().volume()).isEqualTo(11);
      assertThat(total.get("zinc").orElseThrow().count()).isEqualTo(1);
      assertThat(minute.at("acme", NOON.plusSeconds(60)).orElseThrow().volume()).isEqualTo(6);
    }
  }

  @Test
  void putsAnOrderWithoutAPriceAsideAndSendsNoMail() {
    try (AppTester tester = tester()) {
      tester.pipe("orders", "unheard-of", new Order(Side.buy, 5, 10_000), NOON);

      assertThat(tester.deadLetters())
          .singleElement()
          .satisfies(dead -> assertThat(dead.toString()).contains("influxdb: no price"));
      assertThat(tester.read("order-quality")).isEmpty();
      assertThat(tester.table("symbol-total").get("unheard-of")).isEmpty();
      assertThat(mails).isEmpty();
    }
  }

  @Test
  void putsAnOrderAsideThatCannotBeConfirmed() {
    mailerIsDead = true;
    try (AppTester tester = tester()) {
      tester.pipe("orders", "acme", new Order(Side.buy, 5, 10_000), NOON);

      assertThat(tester.deadLetters())
          .singleElement()
          .satisfies(dead -> assertThat(dead.toString()).contains("mailer: status 503"));
      assertThat(tester.read("order-quality")).isEmpty();
    }
  }

  @Test
  void answersSearches() {
    try (AppTester tester = tester()) {
      tester.pipe("search-queries", "u1", "annual report").pipe("search-queries", "u2", "nowhere");

      assertThat(tester.read("search-results"))
          .extracting(TestRecord::value)
          .containsExactlyInAnyOrder(
              new TopHit("annual report", "d1", "annual report"),
              new TopHit("nowhere", null, null));
    }
  }

  @Test
  void confirmsOnceThroughCrashes() {
    try (AppTester tester = tester()) {
      for (int i = 0; i < 20; i++) {
        tester
            .pipe("orders", "acme", new Order(Side.buy, 1, 10_000), NOON.plusSeconds(i))
            .advance(Duration.ofMillis(i))
            .crashAndRecover();
      }

      assertThat(tester.read("order-quality")).hasSize(20);
      TestTable<String, Totals> total = tester.table("symbol-total");
      assertThat(total.get("acme").orElseThrow().volume()).isEqualTo(20);
      assertThat(mails).as("one for each order").hasSize(20);
      assertThat(attempts.values()).as("some of them were asked for again").anyMatch(n -> n > 1);
    }
  }
}
