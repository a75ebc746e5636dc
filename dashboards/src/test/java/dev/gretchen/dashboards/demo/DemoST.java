package dev.gretchen.dashboards.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real demonstration, in a real browser, by its buttons.
class DemoST {

  private static final Duration BOUND = Duration.ofSeconds(40);
  private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();

  private static final String OWNED_BY_W1 =
      "document.querySelectorAll('article[data-worker=w1] .chip-p:not(.copy)').length";

  private static final String ALL_RUN =
      "document.querySelectorAll('.chip-p.running').length === 12"
          + " && document.querySelectorAll('.chip-p:not(.copy)').length === 12";

  private static final String DIFFERENCE =
      "document.getElementById('difference').textContent";

  @TempDir private Path folder;

  @Test
  void whoeverKillsAWorkerByItsButtonSeesItsPartitionsMoveAndTheDifferenceReturnToZero()
      throws Exception {
    Browser.assumeInstalled();
    try (Demo demo = Demonstrations.open(folder.resolve("runs"), 3, 100, null);
        Browser browser = Browser.open(folder)) {
      browser.resize(1360, 1000);
      browser.go(demo.address());
      browser.await(ALL_RUN, BOUND);
      browser.await(OWNED_BY_W1 + " > 0", BOUND);
      browser.await("document.querySelectorAll('#counts tr').length > 0", BOUND);
      browser.screenshot(SCREENSHOTS.resolve("demo.png"));

      click(browser, "[data-deed=kill][data-worker=w1]");
      browser.await(OWNED_BY_W1 + " === 0", BOUND);
      browser.await(ALL_RUN, BOUND);
      browser.await("document.querySelectorAll('#phases li').length >= 3", BOUND);
      assertThat(browser.evaluate("document.getElementById('fault').textContent").asString())
          .contains("kill-worker w1");
      browser.screenshot(SCREENSHOTS.resolve("demo-after-a-kill.png"));

      click(browser, "#still");
      browser.await(DIFFERENCE + " === '0'", BOUND);
      assertThat(browser.evaluate("document.getElementById('counts-said').textContent").asString())
          .contains("of 148 words 148 are even, of the very same events.");

      click(browser, "[data-deed=start][data-worker=w1]");
      browser.await(OWNED_BY_W1 + " > 0", BOUND);
      follow(browser);
      browser.scheme("dark");
      browser.resize(390, 844);
      browser.screenshot(SCREENSHOTS.resolve("demo-phone-dark.png"));
      assertThat(browser.complaints()).isEmpty();
    }
  }

  private static void follow(Browser browser) throws Exception {
    browser.evaluate(
        "document.getElementById('word').value = 'teal';"
            + "document.getElementById('type').requestSubmit(); true");
    browser.await("document.getElementById('journey').textContent.includes('asked for')", BOUND);
    assertThat(browser.evaluate("document.getElementById('journey').textContent").asString())
        .contains("in the input log", "sent on", "counted: ", "in the changelog")
        .contains("answered as owner");
  }

  private static void click(Browser browser, String selector) throws Exception {
    browser.evaluate("document.querySelector('" + selector + "').click(); true");
  }
}
