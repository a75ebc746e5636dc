package dev.gretchen.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The Chromium that is installed, without a window, driven by the node that is installed. Nothing
/// is downloaded, and its pages reach nothing but this machine.
public final class SystemBrowser implements AutoCloseable {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private final Playwright playwright;
  private final Browser browser;

  private final List<String> complaints = new ArrayList<>();

  private SystemBrowser(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /// Starts it.
  ///
  /// @return empty where browser or node are not installed
  public static Optional<SystemBrowser> open() {
    Optional<Path> node = onPath(List.of("node", "nodejs"));
    Optional<Path> chromium = onPath(NAMES);
    if (node.isEmpty() || chromium.isEmpty()) {
      return Optional.empty();
    }
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions()
                .setEnv(
                    Map.of(
                        "PLAYWRIGHT_NODEJS_PATH",
                        node.get().toString(),
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1")));
    try {
      // a container has no user namespaces to build the sandbox from; what is shown is our own
      Browser browser =
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions()
                      .setExecutablePath(chromium.get())
                      .setHeadless(true)
                      .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
      return Optional.of(new SystemBrowser(playwright, browser));
    } catch (RuntimeException failure) {
      playwright.close();
      throw failure;
    }
  }

  private static Optional<Path> onPath(List<String> names) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return names.stream()
        .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(at -> Path.of(at, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// A new page, with nothing in it; to close it forgets its cookies and caches too.
  ///
  /// @param width of the window, in pixels
  public Page page(ColorScheme scheme, int width, int height) {
    Page page =
        browser.newPage(
            new Browser.NewPageOptions().setColorScheme(scheme).setViewportSize(width, height));
    page.onConsoleMessage(message -> {
      if (List.of("error", "warning").contains(message.type())) {
        complaints.add(message.text());
      }
    });
    page.onPageError(complaints::add);
    page.onRequestFailed(request -> {
      // a page that is left gives up what it was waiting for
      if (!"net::ERR_ABORTED".equals(request.failure())) {
        complaints.add(request.url() + ": " + request.failure());
      }
    });
    page.onRequest(request -> {
      if (!request.url().startsWith("http://127.0.0.1:") && !request.url().startsWith("data:")) {
        complaints.add("a request to " + request.url());
      }
    });
    return page;
  }

  /// What pages complained of since the beginning, or since it was forgotten: errors and warnings
  /// of their consoles, exceptions, requests that failed or went elsewhere.
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /// What a test provoked on purpose.
  public void forget() {
    complaints.clear();
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
