package dev.gretchen.apps.feedchat.front;

import dev.gretchen.engine.Web;
import dev.gretchen.engine.WebAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The page to chat in, from the app's jar. Nothing in it comes from elsewhere, and it says so to
/// the browser, which then keeps it so.
final class Page {

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Page() {}

  static void serve(Web web) {
    serve(web, "/", "chat.html", "text/html; charset=utf-8");
    serve(web, "/chat.js", "chat.js", "text/javascript; charset=utf-8");
    serve(web, "/chat.css", "chat.css", "text/css; charset=utf-8");
  }

  private static void serve(Web web, String path, String file, String type) {
    WebAnswer answer =
        WebAnswer.of(200, type, resource("/web/" + file))
            .with("Content-Security-Policy", POLICY)
            .with("X-Content-Type-Options", "nosniff")
            .with("Referrer-Policy", "no-referrer")
            .with("Cache-Control", "no-cache");
    web.view("GET", path, _ -> answer);
  }

  private static byte[] resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar of feed-chat has no " + name + "; build it anew");
      }
      return in.readAllBytes();
    } catch (IOException unread) {
      throw new UncheckedIOException(unread);
    }
  }
}
