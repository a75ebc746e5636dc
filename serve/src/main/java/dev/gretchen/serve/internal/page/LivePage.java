package dev.gretchen.serve.internal.page;

import dev.gretchen.serve.internal.record.Live;
import dev.gretchen.verifier.progress.Progress;
import dev.gretchen.verifier.report.Html;
import dev.gretchen.verifier.report.Phrases;
import dev.gretchen.verifier.soak.SoakResult;
import java.util.Locale;

/// What goes on. Written whole here, as a page and as the part of it that is replaced when
/// something has changed. Pure.
final class LivePage {

  private static final double PERCENT = 100;

  private LivePage() {}

  static String render(Live.Now now) {
    return Page.of(
        "Live",
        Page.Place.LIVE,
        html -> {
          html.leaf("h1", "What goes on");
          html.leaf("p", "", "id", "link", "class", "aside", "role", "status");
          html.open("div", "id", "live", "data-events", "/live/events");
          part(html, now);
          html.close();
        });
  }

  /// What is replaced, as HTML.
  static String part(Live.Now now) {
    Html html = new Html();
    html.open("div");
    part(html, now);
    html.close();
    return html.document();
  }

  private static void part(Html html, Live.Now now) {
    if (now.runs().isEmpty() && now.soaks().isEmpty()) {
      html.leaf("p", "Nothing goes on in this folder of runs.", "class", "nothing");
    }
    now.soaks().forEach(soak -> soak(html, soak));
    now.runs().forEach(run -> run(html, run));
  }

  private static void soak(Html html, Live.LiveSoak live) {
    SoakResult result = live.soak().result();
    html.open("article", "class", "callout idle").leaf("h2", "Soak " + live.soak().name());
    bar(html, live.progress().share(), live.progress().state());
    html.leaf(
        "p",
        "%s, %d failed; %d of %d canaries caught. %s"
            .formatted(
                Phrases.count(result.runs().size(), "run"),
                result.failed().size(),
                result.caught(),
                result.canaries().size(),
                Figures.proof(result.rate())));
    said(html, live.progress());
    html.close();
  }

  private static void run(Html html, Live.LiveRun live) {
    html.open("article", "class", "callout idle")
        .open("h2")
        .leaf(
            "a",
            "%s, seed %d".formatted(live.run().app(), live.run().seed()),
            "href",
            Parts.address(live.run()))
        .close();
    bar(html, live.progress().share(), live.progress().state());
    said(html, live.progress());
    html.close();
  }

  private static void said(Html html, Progress progress) {
    if (!progress.said().isEmpty()) {
      html.leaf(
          "pre", String.join("\n", progress.said()), "tabindex", "0", "aria-label", "What it says");
    }
  }

  /// How far something is.
  static void bar(Html html, double share, String state) {
    String percent = String.format(Locale.ROOT, "%.0f", share * PERCENT);
    html.open("p", "class", "bar")
        .leaf(
            "progress",
            percent + " %",
            "value",
            percent,
            "max",
            "100",
            "aria-label",
            "How much is done")
        .text(" " + percent + " % " + state)
        .close();
  }
}
