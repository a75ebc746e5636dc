package dev.gretchen.serve.internal.page;

import dev.gretchen.verifier.report.Html;
import java.util.function.Consumer;

/// What all pages have: a head, the way to the others, a foot. Nothing in it comes from elsewhere.
final class Page {

  /// The pages that each page leads to.
  enum Place {
    RUNS("Runs", "/"),
    TRENDS("Trends", "/trends"),
    LIVE("Live", "/live"),
    CAMPAIGNS("Campaigns", "/campaigns"),
    NOWHERE("", "");

    private final String title;
    private final String address;

    Place(String title, String address) {
      this.title = title;
      this.address = address;
    }
  }

  private Page() {}

  /// A page.
  ///
  /// @param main writes what only this page has
  static String of(String title, Place place, Consumer<Html> main) {
    Html html = new Html();
    html.open("html", "lang", "en");
    head(html, title);
    html.open("body")
        .leaf("a", "Skip to content", "href", "#content", "class", "skip")
        .open("header", "class", "top")
        .open("div", "class", "inner")
        .leaf("a", "Gretchen", "href", "/", "class", "name");
    navigation(html, place);
    html.close().close();
    html.open("main", "id", "content", "tabindex", "-1");
    main.accept(html);
    html.close();
    foot(html);
    html.close().close();
    return html.document();
  }

  private static void head(Html html, String title) {
    html.open("head")
        .empty("meta", "charset", "utf-8")
        .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
        .empty("meta", "name", "color-scheme", "content", "light dark")
        .empty("link", "rel", "icon", "href", "data:,")
        .empty("link", "rel", "stylesheet", "href", "/assets/serve.css")
        .leaf("script", "", "src", "/assets/serve.js", "defer", "")
        .leaf("title", title + " · Gretchen")
        .close();
  }

  private static void navigation(Html html, Place here) {
    html.open("nav", "aria-label", "Pages").open("ul");
    for (Place place : Place.values()) {
      if (place == Place.NOWHERE) {
        continue;
      }
      html.open("li");
      if (place == here) {
        html.leaf("a", place.title, "href", place.address, "aria-current", "page");
      } else {
        html.leaf("a", place.title, "href", place.address);
      }
      html.close();
    }
    html.close().close();
  }

  private static void foot(Html html) {
    html.open("footer").open("p");
    html.leaf("a", "API", "href", "/api/openapi.json")
        .text(" · ")
        .leaf("a", "metrics", "href", "/metrics")
        .text(" · keys: ");
    key(html, "/", " filters, ");
    key(html, "j", " and ");
    key(html, "k", " next and previous run, ");
    key(html, "x", " marks it, ");
    key(html, "c", " compares the two that are marked");
    html.close().close();
  }

  private static void key(Html html, String key, String meaning) {
    html.leaf("kbd", key).text(meaning);
  }
}
