package dev.gretchen.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import dev.gretchen.browser.SystemBrowser;
import dev.gretchen.browser.TextContrast;
import dev.gretchen.verifier.progress.ProgressFile;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The record in a real browser: by keyboard, in dark and light, on a phone, without a word in its
/// console.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserIT {

  private static final String TOKEN = "a token of sixteen or more";
  private static final List<String> FOREVER = List.of("sh", "-c", "sleep 300", "soak");
  private static final List<String> PAGES =
      List.of(
          "",
          "trends",
          "live",
          "campaigns",
          "runs/word-colors~run-1",
          "compare?run=word-colors~run-1&run=word-colors~run-2",
          "runs/none");

  private Optional<SystemBrowser> browser = Optional.empty();

  private Path runs = Path.of(".");
  private Optional<RecordServer> server = Optional.empty();

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    runs = folder;
    browser = SystemBrowser.open();
    assumeTrue(browser.isPresent(), "chromium and node are not installed");
    RunsOnDisk disk = new RunsOnDisk(runs);
    disk.at("c1").passed(1, 200);
    disk.at("c2").passed(2, 300);
    disk.failed(3, "event <b>7</b> was counted twice");
    disk.of("order-enrichment").passed(4, 400);
    disk.begun(5);
    server =
        Optional.of(
            RecordServer.open(
                new ServeOptions(
                    runs, InetAddress.getLoopbackAddress(), 0, Optional.of(TOKEN), FOREVER),
                InstantSource.system()));
  }

  @AfterAll
  void close() {
    browser.ifPresent(SystemBrowser::close);
    server.ifPresent(RecordServer::close);
  }

  @AfterEach
  void nothingWasComplainedOf() {
    assertThat(browser.map(SystemBrowser::complaints).orElse(List.of()))
        // what the browser says of a page that does not exist, of a refusal, and that its driver
        // runs no
        // script in a report
        .filteredOn(complaint -> !complaint.contains("the server responded with a status of 4"))
        .filteredOn(complaint -> !complaint.contains("Blocked script execution"))
        .isEmpty();
  }

  private Page page(ColorScheme scheme, int width, int height) {
    Page page = browser.orElseThrow().page(scheme, width, height);
    page.navigate(address(""));
    return page;
  }

  private String address(String path) {
    return server.orElseThrow().address() + path;
  }

  /// Filters, opens a run, goes back, marks two and compares them, without a pointer.
  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void isUsedByKeyboardAlone(ColorScheme scheme) {
    try (Page page = page(scheme, 1280, 900)) {
      page.keyboard().press("Tab");
      assertThat(focused(page)).isEqualTo("Skip to content");

      page.keyboard().press("/");
      assertThat(page.evaluate("document.activeElement.name")).isEqualTo("app");
      page.keyboard().type("word-colors");
      for (int i = 0; i < 3; i++) {
        page.keyboard().press("Tab");
      }
      assertThat(page.evaluate("document.activeElement.name")).isEqualTo("commit");
      page.keyboard().press("Enter");
      page.waitForURL("**/?app=word-colors*");
      assertThat(runsListed(page))
          .containsExactly("word-colors/run-3", "word-colors/run-2", "word-colors/run-1");

      page.keyboard().press("j");
      assertThat(focused(page)).isEqualTo("word-colors/run-3");
      Response report =
          page.waitForResponse(
              "**/files/report.html",
              () -> {
                page.keyboard().press("Enter");
                page.waitForURL("**/runs/word-colors~run-3");
                page.locator("iframe.report").scrollIntoViewIfNeeded();
              });
      assertThat(report.status()).isEqualTo(200);
      assertThat(page.locator("h1").textContent()).isEqualTo("event <b>7</b> was counted twice");

      page.goBack();
      page.waitForURL("**/?app=word-colors*");
      for (String key : List.of("j", "j", "x", "j", "x", "c")) {
        page.keyboard().press(key);
      }
      page.waitForURL("**/compare?run=word-colors*");
      assertThat(page.locator("tr.differs th").allTextContents())
          .contains("commit", "seed", "kill-owner, silence p99")
          .doesNotContain("app");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void eachTextStandsOutFromWhatIsBehindIt(ColorScheme scheme) {
    try (Page page = page(scheme, 1280, 900)) {
      for (String path : PAGES) {
        page.navigate(address(path));
        assertThat(TextContrast.tooWeak(page)).as("/" + path).isEmpty();
      }
      boolean dark = scheme == ColorScheme.DARK;
      assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
          .isEqualTo(dark ? "rgb(20, 22, 26)" : "rgb(251, 250, 247)");
    }
  }

  /// Wide tables scroll by themselves; the page does not.
  @Test
  void fitsOnAPhone() {
    try (Page page = page(ColorScheme.LIGHT, 360, 740)) {
      for (String path : PAGES) {
        page.navigate(address(path));
        assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
            .as("/" + path)
            .isEqualTo(true);
      }
    }
  }

  @Test
  void worksWithoutScript() {
    try (Page page = page(ColorScheme.LIGHT, 1280, 900)) {
      page.route("**/serve.js", route -> route.abort());
      page.navigate(address("?verdict=FAIL"));
      assertThat(runsListed(page)).containsExactly("word-colors/run-3");
      page.locator("a.open-run").click();
      page.waitForURL("**/runs/word-colors~run-3");
    }
    assertThat(browser.orElseThrow().complaints())
        .allMatch(complaint ->
            complaint.contains("serve.js")
                || complaint.contains("ERR_FAILED")
                || complaint.contains("status of 4"));
    browser.orElseThrow().forget();
  }

  @Test
  void followsWhatGoesOn() throws Exception {
    Path run = runs.resolve("order-enrichment/run-5");
    try (Page page = page(ColorScheme.LIGHT, 1280, 900)) {
      page.navigate(address("live"));
      page.getByText("Nothing goes on in this folder of runs.").waitFor();
      try (ProgressFile progress = new ProgressFile(run, InstantSource.system())) {
        progress.stands(0.5, "half <i>is</i> sent");
        page.getByText("50 % half <i>is</i> sent").waitFor();
        assertThat(page.locator("progress").getAttribute("value")).isEqualTo("50");
      }
      page.getByText("Nothing goes on in this folder of runs.").waitFor();
    }
    assertThat(Files.exists(run.resolve(ProgressFile.NAME))).isFalse();
  }

  @Test
  void startsACampaignForWhoShowsTheToken() {
    try (Page page = page(ColorScheme.LIGHT, 1280, 900)) {
      page.navigate(address("campaigns"));
      page.getByLabel("Token").fill("another token");
      page.keyboard().press("Enter");
      page.getByText("Expected the header").waitFor();
      assertThat(runs.resolve("soak")).doesNotExist();

      page.getByLabel("Campaign", new Page.GetByLabelOptions().setExact(true)).selectOption("pr");
      page.getByLabel("Token").fill(TOKEN);
      page.keyboard().press("Enter");
      page.getByText("is running.").waitFor();

      page.reload();
      page.getByLabel("Token").fill(TOKEN);
      page.getByText("Stop", new Page.GetByTextOptions().setExact(true)).click();
      page.getByText("is stopping.").or(page.getByText("is interrupted.")).waitFor();
    }
  }

  private static String focused(Page page) {
    return String.valueOf(page.evaluate("document.activeElement.textContent"));
  }

  private static List<String> runsListed(Page page) {
    return page.locator("a.open-run").allTextContents();
  }
}
