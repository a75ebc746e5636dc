package dev.gretchen.dashboards.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Chromium without a window, driven over its DevTools protocol: just what these tests need, so that
/// no library has to bring a browser's driver. Any thread, one question at a time.
final class Browser implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration START_BOUND = Duration.ofSeconds(30);
  private static final Duration ANSWER_BOUND = Duration.ofSeconds(30);
  private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final StringBuilder console = new StringBuilder(); // guarded by itself

  private Browser(Process process, int port) throws Exception {
    this.process = process;
    this.socket =
        http.newWebSocketBuilder()
            .buildAsync(firstPage(port), new Listener())
            .get(ANSWER_BOUND.toSeconds(), TimeUnit.SECONDS);
    ask("Page.enable", Map.of());
    ask("Runtime.enable", Map.of());
    ask("Log.enable", Map.of());
  }

  /// Where its first page is driven; the page comes a moment after the port.
  private URI firstPage(int port) throws Exception {
    URI list = URI.create("http://127.0.0.1:" + port + "/json/list");
    long deadline = System.nanoTime() + START_BOUND.toNanos();
    while (System.nanoTime() < deadline) {
      String pages =
          http.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      for (JsonNode page : JSON.readTree(pages)) {
        if (page.path("type").asString("").equals("page")) {
          return URI.create(page.path("webSocketDebuggerUrl").asString());
        }
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the browser has no page");
  }

  /// Skips the test where there is no browser.
  static Path assumeInstalled() {
    Optional<Path> found =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(found.isPresent(), "no Chromium on the PATH; Debian's package chromium brings it");
    return found.orElseThrow();
  }

  /// @param folder for its profile
  static Browser open(Path folder) throws Exception {
    Path profile = Files.createTempDirectory(folder, "browser");
    Process process =
        new ProcessBuilder(
                assumeInstalled().toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-extensions",
                "--disable-background-networking",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("said.txt").toFile())
            .start();
    try {
      return new Browser(process, port(process, profile));
    } catch (Exception | AssertionError failure) {
      process.destroyForcibly();
      throw failure;
    }
  }

  private static int port(Process process, Path profile) throws Exception {
    Path file = profile.resolve("DevToolsActivePort");
    long deadline = System.nanoTime() + START_BOUND.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      if (Files.exists(file) && Files.size(file) > 0) {
        return Integer.parseInt(Files.readAllLines(file).getFirst());
      }
      Thread.sleep(50);
    }
    throw new AssertionError(
        "the browser did not start: " + Files.readString(profile.resolve("said.txt")));
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        heard(JSON.readTree(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  private void heard(JsonNode message) {
    if (message.has("id")) {
      CompletableFuture<JsonNode> answer = waiting.remove(message.path("id").asInt());
      if (answer != null) {
        answer.complete(message);
      }
      return;
    }
    String method = message.path("method").asString("");
    if (method.equals("Runtime.exceptionThrown") || method.equals("Log.entryAdded")) {
      synchronized (console) {
        console.append(message.path("params")).append('\n');
      }
    }
  }

  /// Errors that the page's script threw and what the browser refused, a line each.
  String complaints() {
    synchronized (console) {
      return console.toString();
    }
  }

  private JsonNode ask(String method, Map<String, ?> parameters) throws Exception {
    int number = numbers.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(number, answer);
    String text =
        JSON.writeValueAsString(Map.of("id", number, "method", method, "params", parameters));
    socket.sendText(text, true).get(ANSWER_BOUND.toSeconds(), TimeUnit.SECONDS);
    JsonNode said = answer.get(ANSWER_BOUND.toSeconds(), TimeUnit.SECONDS);
    assertThat(said.has("error")).as("%s: %s", method, said).isFalse();
    return said.path("result");
  }

  void go(URI address) throws Exception {
    ask("Page.navigate", Map.of("url", address.toString()));
  }

  /// The width of a phone, or of a desk.
  void resize(int width, int height) throws Exception {
    ask(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /// `dark` or `light`.
  void scheme(String scheme) throws Exception {
    ask(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /// The value of a JavaScript expression.
  JsonNode evaluate(String expression) throws Exception {
    JsonNode said =
        ask(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    assertThat(said.has("exceptionDetails")).as("%s: %s", expression, said).isFalse();
    return said.path("result").path("value");
  }

  /// Waits until an expression is true.
  void await(String expression, Duration bound) throws Exception {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!evaluate("Boolean(" + expression + ")").asBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "not within " + bound + ": " + expression + "\n" + complaints() + "\n" + text());
      }
      Thread.sleep(100);
    }
  }

  /// What a reader sees.
  String text() throws Exception {
    return evaluate("document.body.innerText").asString("");
  }

  /// The key that moves the focus on.
  void pressTab() throws Exception {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      ask(
          "Input.dispatchKeyEvent",
          Map.of("type", type, "key", "Tab", "code", "Tab", "windowsVirtualKeyCode", 9));
    }
  }

  void screenshot(Path file) throws Exception {
    JsonNode said = ask("Page.captureScreenshot", Map.of("format", "png"));
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, Base64.getDecoder().decode(said.path("data").asString()));
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    http.shutdownNow();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
