package dev.gretchen.apps.feedchat.front;

import dev.gretchen.engine.Web;
import dev.gretchen.engine.WebAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// The page to chat in, from the app's jar. Nothing in it comes from elsewhere, and it says so to
/// the browser, which then keeps it so: it may connect to its own worker and to those of
/// `--origins`, where it goes on when its own is away.
final class Page {

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'{others}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final String policy;
  private final String workers;

  /// @param origins of other workers, whose pages may come here as this page may go there
  Page(Origins origins) {
    List<String> others = origins.allowed().stream().sorted().toList();
    this.workers = String.join(" ", others);
    this.policy =
        POLICY.replace(
            "{others}",
            others.stream()
                .map(origin -> " " + origin.replaceFirst("^http", "ws"))
                .collect(Collectors.joining()));
  }

  void serve(Web web) {
    String html =
        new String(resource("chat.html"), StandardCharsets.UTF_8).replace("{workers}", workers);
    serve(web, "/", "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
    serve(web, "/chat.js", "text/javascript; charset=utf-8", resource("chat.js"));
    serve(web, "/chat.css", "text/css; charset=utf-8", resource("chat.css"));
  }

  private void serve(Web web, String path, String type, byte[] body) {
    WebAnswer answer =
        WebAnswer.of(200, type, body)
            .with("Content-Security-Policy", policy)
            .with("X-Content-Type-Options", "nosniff")
            .with("Referrer-Policy", "no-referrer")
            .with("Cache-Control", "no-cache");
    web.view("GET", path, _ -> answer);
  }

  private static byte[] resource(String file) {
    try (InputStream in = Page.class.getResourceAsStream("/web/" + file)) {
      if (in == null) {
        throw new IllegalStateException("the jar of feed-chat has no " + file + "; build it anew");
      }
      return in.readAllBytes();
    } catch (IOException unread) {
      throw new UncheckedIOException(unread);
    }
  }
}
