package dev.gretchen.apps.feedchat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.gretchen.browser.SystemBrowser;
import dev.gretchen.browser.TextContrast;
import dev.gretchen.chaos.broker.BrokerSettings;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.engine.Worker;
import dev.gretchen.engine.WorkerOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The page in a real browser, two people at two workers on a real broker.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatPageIT {

  private static final String TOKEN = "correct-horse-battery-staple";
  private static final Duration BOUND = Duration.ofSeconds(40);

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final int[] ports = new int[2];
  private Path scratch = Path.of(".");
  private SystemBrowser browser;
  private Processes processes;
  private Brokers brokers;
  private Worker first;
  private Worker second;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Optional<SystemBrowser> installed = SystemBrowser.open();
    assumeTrue(installed.isPresent(), "chromium and node are not installed");
    browser = installed.get();
    scratch = folder;
    for (int i = 0; i < ports.length; i++) {
      ports[i] = freePort();
    }
    processes = Processes.openTemporary(folder);
    brokers =
        Brokers.start(processes, BrokerSettings.withLogs(folder.resolve("logs")).withCount(1));
    first = worker("w1", ports[0]);
    second = worker("w2", ports[1]);
  }

  @AfterAll
  void stop() {
    for (AutoCloseable each : new AutoCloseable[] {browser, second, first, brokers, processes}) {
      try {
        if (each != null) {
          each.close();
        }
      } catch (Exception closing) {
        throw new IllegalStateException(closing);
      }
    }
    HTTP.close();
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private String origin(int worker) {
    return "http://127.0.0.1:" + ports[worker];
  }

  private Worker worker(String name, int port) throws Exception {
    WorkerOptions options =
        WorkerOptions.of(
            List.of(
                "--bootstrap=" + brokers.bootstrap(),
                "--worker=" + name,
                "--state-dir=" + scratch.resolve("state-" + name),
                "--http-port=" + port,
                "--origins=" + origin(0) + "," + origin(1),
                "--create-topics=3"),
            Map.of());
    Worker worker = Worker.start(FeedChat.app(options, TOKEN), options);
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz")).build();
    await()
        .atMost(BOUND)
        .until(
            () -> HTTP.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode(),
            status -> status == 200);
    return worker;
  }

  private Page enter(ColorScheme scheme, int width, int worker, String room, String user) {
    Page page = browser.page(scheme, width, 740);
    page.navigate(origin(worker) + "/#" + room);
    page.getByLabel("Name").fill(user);
    page.keyboard().press("Enter");
    page.getByText(user + ", by worker w" + (worker + 1)).waitFor();
    return page;
  }

  private Page moderator(int worker, String room) {
    Page page = browser.page(ColorScheme.LIGHT, 1280, 740);
    page.navigate(origin(worker) + "/#" + room);
    page.getByLabel("Name").fill("mod");
    page.getByText("I am a moderator").click();
    page.getByLabel("Moderators' token").fill(TOKEN);
    page.keyboard().press("Enter");
    page.getByText("mod, by worker w" + (worker + 1)).waitFor();
    return page;
  }

  private static void say(Page page, String text) {
    page.getByPlaceholder("Say something").fill(text);
    page.keyboard().press("Enter");
  }

  private static Locator post(Page page, String text) {
    return page.locator("#posts li[data-index] .what", new Page.LocatorOptions().setHasText(text));
  }

  private static List<Integer> indexes(Page page) {
    return page.locator("#posts li[data-index]").all().stream()
        .map(item -> Integer.parseInt(item.getAttribute("data-index")))
        .toList();
  }

  private void nothingWasComplainedOf() {
    assertThat(browser.complaints()).isEmpty();
  }

  /// What people write is text, whatever it looks like; a ban takes effect in the page, and its end
  /// too.
  @Test
  void twoPeopleAtTwoWorkersSeeEachOtherAndABanTakesEffect() {
    try (Page ann = enter(ColorScheme.DARK, 390, 0, "ban", "ann");
        Page mod = moderator(1, "ban")) {
      say(ann, "hello <b>there</b>");
      post(mod, "hello <b>there</b>").waitFor();
      say(mod, "welcome, ann");
      post(ann, "welcome, ann").waitFor();
      assertThat(indexes(ann)).containsExactly(1, 2).isEqualTo(indexes(mod));

      mod.getByLabel("Ban ann").click();
      mod.getByLabel("Reason").fill("spam");
      mod.keyboard().press("Enter");
      mod.getByText("ann is banned.").waitFor();
      say(ann, "me again");
      ann.getByText("not delivered: you are banned").waitFor();

      mod.getByText("Unban").click();
      mod.getByText("ann is not banned any more.").waitFor();
      say(ann, "thank you");
      post(mod, "thank you").waitFor();
      assertThat(post(mod, "me again").count()).isZero();
      assertThat(indexes(mod)).containsExactly(1, 2, 3);
      nothingWasComplainedOf();
    }
  }

  /// The worker's end is an end of its connections; the page goes on at another.
  @Test
  void goesOnAtAnotherWorkerWhenItsOwnGoesAwayAndNothingIsMissing() throws Exception {
    try (Page ann = enter(ColorScheme.LIGHT, 1280, 0, "away", "ann-away");
        Page bob = enter(ColorScheme.DARK, 1280, 1, "away", "bob-away")) {
      say(ann, "before");
      post(bob, "before").waitFor();
      first.close();
      ann.getByText("ann-away, by worker w2").waitFor();
      for (int i = 0; i < 5; i++) {
        say(bob, "meanwhile " + i);
      }
      say(ann, "here again");
      post(ann, "meanwhile 4").waitFor();
      post(ann, "here again").waitFor();
      post(bob, "here again").waitFor();

      assertThat(indexes(ann))
          .isEqualTo(IntStream.rangeClosed(1, 7).boxed().toList())
          .isEqualTo(indexes(bob));
    } finally {
      // connections that were refused while the worker was away
      browser.forget();
      first = worker("w1", ports[0]);
    }
  }

  @Test
  void saysWhatIsWrongWithAName() {
    try (Page page = browser.page(ColorScheme.LIGHT, 390, 740)) {
      page.navigate(origin(0));
      page.getByLabel("Name").fill("not a name");
      page.keyboard().press("Enter");
      page.getByText("Nobody can have that name here.").waitFor();
      page.getByLabel("Name").fill("cleo");
      page.getByText("I am a moderator").click();
      page.getByLabel("Moderators' token").fill("wrong-horse-battery-staple");
      page.keyboard().press("Enter");
      page.getByText("That is not the moderators’ token.").waitFor();
      nothingWasComplainedOf();
    }
  }

  @Test
  void postsThatComeTooFastAreSentAgainWhenTheyMayBe() {
    try (Page page = enter(ColorScheme.LIGHT, 1280, 0, "flood", "dora")) {
      for (int i = 0; i < 26; i++) {
        String text = "post " + i + ".";
        await()
            .atMost(BOUND)
            .until(() -> {
              say(page, text);
              return page.getByPlaceholder("Say something").inputValue().isEmpty();
            });
      }
      post(page, "post 25.").waitFor();
      await().atMost(BOUND).until(() -> indexes(page).size() == 26);
      assertThat(indexes(page)).isEqualTo(IntStream.rangeClosed(1, 26).boxed().toList());
      nothingWasComplainedOf();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void eachTextStandsOutAndAPhoneHasRoomForAll(ColorScheme scheme) {
    String room = "looks-" + scheme.name().toLowerCase(Locale.ROOT);
    try (Page page = enter(scheme, 360, 0, room, "eve")) {
      say(page, "W".repeat(300));
      post(page, "WWW").waitFor();
      assertThat(TextContrast.tooWeak(page)).isEmpty();
      assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
          .isEqualTo(true);
      assertThat(page.evaluate("document.documentElement.scrollHeight <= window.innerHeight"))
          .isEqualTo(true);
      nothingWasComplainedOf();
    }
  }
}
