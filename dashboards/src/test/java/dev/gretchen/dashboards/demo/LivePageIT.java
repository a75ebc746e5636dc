package dev.gretchen.dashboards.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.ElementHandle;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.gretchen.browser.SystemBrowser;
import dev.gretchen.browser.TextContrast;
import dev.gretchen.dashboards.live.LiveEvent;
import dev.gretchen.dashboards.live.LiveEvent.Standing;
import dev.gretchen.dashboards.live.LiveSetup;
import dev.gretchen.dashboards.live.LiveState;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Palette;
import dev.gretchen.verifier.contract.Tally;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The page on a made-up stream, in a real browser: 20 workers, 200 partitions of each of two
/// topics, standbys, a load, and ownership that moves all the time.
class LivePageIT {

  private static final int WORKERS = 20;
  private static final int PARTITIONS = 200;
  private static final double SHARE_OF_A_CORE = 0.2;
  private static final InstantSource CLOCK = InstantSource.system();

  private static Optional<SystemBrowser> browser = Optional.empty();

  private final List<Deed> deeds = new CopyOnWriteArrayList<>();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final Hub hub = hub();
  private final LivePage page = page();

  @BeforeAll
  static void openBrowser() {
    browser = SystemBrowser.open();
    assumeTrue(browser.isPresent(), "chromium and node are not installed");
  }

  @AfterAll
  static void closeBrowser() {
    browser.ifPresent(SystemBrowser::close);
  }

  private static Hub hub() {
    LiveSetup.Counting counting =
        new LiveSetup.Counting(
            "colors", "color-counts", "color-total", "changelog", Palette.parse("css"));
    LiveSetup setup =
        new LiveSetup(
            "word-colors",
            PARTITIONS,
            List.of("words", "colors"),
            List.of("words"),
            List.of("color-counts"),
            Optional.of(counting));
    return new Hub(new LiveState(setup, CLOCK.millis()), CLOCK);
  }

  private LivePage page() {
    return LivePage.open(
        LivePage.bind(0),
        "word-colors",
        hub,
        deed -> {
          deeds.add(deed);
          return "noted " + deed;
        });
  }

  @BeforeEach
  void fill() {
    hub.start();
    for (int worker = 1; worker <= WORKERS; worker++) {
      hub.accept(new LiveEvent.WorkerStands(CLOCK.millis(), "w" + worker, Standing.RUNNING));
    }
    hub.accept(new LiveEvent.BrokerStands(CLOCK.millis(), 1, Standing.RUNNING));
    for (int partition = 0; partition < PARTITIONS; partition++) {
      for (String topic : List.of("words", "colors")) {
        told(worker(partition), "running", topic, partition);
      }
      told(worker(partition + 1), "standby", "colors", partition);
    }
    count("red", 12);
    count("mediumspringgreen", 1_234);
  }

  @AfterEach
  void close() {
    stopped.set(true);
    page.close();
    hub.close();
  }

  private static String worker(int partition) {
    return "w" + (partition % WORKERS + 1);
  }

  private void told(String worker, String event, String topic, int partition) {
    long now = CLOCK.millis();
    hub.accept(
        new LiveEvent.Told(
            now, new AuditEvent(now, worker, "i", event, topic, partition, 1, "", -1)));
  }

  private void count(String word, int times) {
    Tally tally = Tally.NONE;
    for (long id = 1; id <= times; id++) {
      long now = CLOCK.millis();
      tally = tally.plus(id);
      hub.accept(new LiveEvent.Seen(now, "words", 0, id, id, "k", word, null, null));
      hub.accept(new LiveEvent.Seen(now, "color-counts", 0, id, id, word, "{}", tally, null));
    }
  }

  @Test
  void twentyWorkersAndTwoHundredPartitionsStayReadable() {
    try (Page seen = open(ColorScheme.LIGHT)) {
      for (int width : new int[] {1360, 800, 390}) {
        seen.setViewportSize(width, 900);
        assertThat(seen.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
            .as("nothing is wider than a screen of %d pixels", width)
            .isEqualTo(0);
        assertThat(strings(seen, BEYOND_THE_EDGE)).as("cut at %d pixels", width).isEmpty();
        assertThat(strings(seen, CHIPS_OUTSIDE_OF_THEIR_CARD)).isEmpty();
        assertThat(strings(seen, CHIPS_THAT_CUT_THEIR_NUMBER)).isEmpty();
      }
      assertThat(seen.locator(".chip-p:not(.copy)")).hasCount(2 * PARTITIONS);
      assertThat(seen.locator(".chip-p.copy")).hasCount(PARTITIONS);
      assertThat(seen.locator("#workers")).containsText("running, 20 owned, 10 copies");
    }
    assertThat(complaints()).isEmpty();
  }

  /// What is scrolled by itself, and pictures, may be wider.
  private static final String BEYOND_THE_EDGE =
      """
      () => [...document.querySelectorAll('main *')].filter((element) =>
        element.getBoundingClientRect().right > window.innerWidth + 1 && !element.closest('svg, .scroll'))
        .map((element) => element.outerHTML.slice(0, 80))
      """;

  private static final String CHIPS_OUTSIDE_OF_THEIR_CARD =
      """
      () => [...document.querySelectorAll('.chip-p')].filter((chip) => {
        const inner = chip.getBoundingClientRect();
        const card = chip.closest('.worker').getBoundingClientRect();
        return inner.left < card.left - 1 || inner.right > card.right + 1 || inner.bottom > card.bottom + 1;
      }).map((chip) => chip.dataset.task)
      """;

  private static final String CHIPS_THAT_CUT_THEIR_NUMBER =
      """
      () => [...document.querySelectorAll('.chip-p')].filter((chip) => chip.scrollWidth > chip.clientWidth + 1)
        .map((chip) => chip.dataset.task)
      """;

  @Test
  void whatMovesIsSeenToMoveAndKeepsItsElement() {
    try (Page seen = open(ColorScheme.LIGHT)) {
      Locator chip = seen.locator("[data-task='colors-7']");
      ElementHandle before = chip.elementHandle();
      assertThat(seen.locator(".worker[data-worker=" + worker(7) + "]").filter(having(chip)))
          .hasCount(1);
      told("w3", "assigned", "colors", 7);
      assertThat(chip).hasClass(Pattern.compile("\\brecovering\\b"));
      told("w3", "running", "colors", 7);
      assertThat(seen.locator(".worker[data-worker=w3]").filter(having(chip))).hasCount(1);
      assertThat(before.evaluate("(before, now) => before === now", chip.elementHandle()))
          .isEqualTo(true);
      hub.accept(new LiveEvent.WorkerStands(CLOCK.millis(), "w5", Standing.DOWN));
      assertThat(seen.locator(".worker[data-worker=''] .standing")).hasText("20 orphaned");
    }
    assertThat(complaints()).isEmpty();
  }

  private static Locator.FilterOptions having(Locator inner) {
    return new Locator.FilterOptions().setHas(inner);
  }

  @Test
  void buttonsSendTheirDeedsAndForeignPagesCannot() throws Exception {
    try (Page seen = open(ColorScheme.LIGHT)) {
      seen.locator("button[data-deed=kill][data-worker=w4]").click();
      assertThat(seen.locator("#said")).containsText("w4");
      assertThat(deeds).containsExactly(new Deed.Kill("w4"));
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest foreign =
          HttpRequest.newBuilder(page.address().resolve("/do/kill?worker=w1"))
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      assertThat(http.send(foreign, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(403);
      URI nothing = URI.create("http://localhost:" + page.address().getPort() + "/nothing");
      assertThat(
              http.send(
                      HttpRequest.newBuilder(nothing).build(), HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(404);
    }
    assertThat(deeds).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"LIGHT,1360", "DARK,1360", "LIGHT,390", "DARK,390"})
  void textCanBeRead(ColorScheme scheme, int width) {
    try (Page seen = open(scheme)) {
      seen.setViewportSize(width, 900);
      assertThat(TextContrast.tooWeak(seen)).isEmpty();
    }
  }

  @Test
  void everythingHasANameAndCanBeReachedByKeyboard() {
    try (Page seen = open(ColorScheme.LIGHT)) {
      assertThat(strings(seen, NAMELESS)).isEmpty();
      assertThat(seen.locator("html")).hasAttribute("lang", "en");
      assertThat(seen.locator("main")).hasCount(1);
      seen.locator(".skip").focus();
      List<String> reached = new ArrayList<>();
      for (int i = 0; i < 14; i++) {
        seen.keyboard().press("Tab");
        reached.add(
            String.valueOf(
                seen.evaluate(
                    "document.activeElement.id || document.activeElement.dataset.deed || ''")));
        assertThat(strings(seen, WITHOUT_FOCUS_RING)).isEmpty();
      }
      assertThat(reached).contains("rate", "still", "slow", "storm", "add", "kill-broker", "kill");
    }
  }

  private static final String NAMELESS =
      """
      () => [...document.querySelectorAll('button, input, meter, [role=img]')].filter((element) =>
        !(element.getAttribute('aria-label') || element.textContent.trim()
          || (element.labels && element.labels.length)))
        .map((element) => element.outerHTML.slice(0, 80))
      """;

  private static final String WITHOUT_FOCUS_RING =
      """
      () => [document.activeElement].filter((element) => getComputedStyle(element).outlineStyle === 'none')
        .map((element) => element.outerHTML.slice(0, 80) + " " + getComputedStyle(element).outline)
      """;

  @Test
  void servingItTakesLessThanAFifthOfACore() throws Exception {
    try (Page seen = open(ColorScheme.LIGHT)) {
      Thread moving = Thread.ofVirtual().start(this::moveAround);
      // the compiler's work is not the page's
      awaitSecond(seen, 8);
      long cpu = cpuNanos();
      long from = System.nanoTime();
      awaitSecond(seen, 8 + 6);
      double share = (double) (cpuNanos() - cpu) / (System.nanoTime() - from);
      stopped.set(true);
      moving.join();
      assertThat(share).as("share of a core").isLessThan(SHARE_OF_A_CORE);
    }
  }

  private static void awaitSecond(Page seen, int second) {
    seen.waitForFunction("(second) => Number(document.body.dataset.frame) >= second", second);
  }

  /// As a storm does: twenty partitions change hands twice a second, and two hundred words a second
  /// are counted.
  private void moveAround() {
    Tally tally = Tally.NONE;
    long id = 1_000;
    try {
      for (int round = 0; !stopped.get(); round++) {
        for (int i = 0; i < 20; i++) {
          int partition = (round * 20 + i) % PARTITIONS;
          told(
              worker(partition + round),
              round % 2 == 0 ? "assigned" : "running",
              "colors",
              partition);
        }
        for (int i = 0; i < 100; i++) {
          long now = CLOCK.millis();
          tally = tally.plus(++id);
          hub.accept(new LiveEvent.Seen(now, "words", 0, id, id, "k", "blue", null, null));
          hub.accept(new LiveEvent.Seen(now, "color-counts", 0, id, id, "blue", "{}", tally, null));
        }
        Thread.sleep(500);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private Page open(ColorScheme scheme) {
    Page seen = browser.orElseThrow().page(scheme, 1360, 900);
    seen.navigate(page.address().toString());
    assertThat(seen.locator(".chip-p")).hasCount(3 * PARTITIONS);
    assertThat(seen.locator("#timeline .track").first()).isVisible();
    return seen;
  }

  private static List<String> complaints() {
    return browser.orElseThrow().complaints();
  }

  private static List<String> strings(Page seen, String function) {
    return ((List<?>) seen.evaluate(function)).stream().map(String::valueOf).toList();
  }
}
