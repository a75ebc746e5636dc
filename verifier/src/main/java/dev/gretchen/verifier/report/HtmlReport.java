package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Timeline;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.List;

/// Renders `report.html`: one self-contained page without scripts or requests, for light and dark,
/// wide and narrow screens, and paper.
///
/// The first screen holds the verdict, the key facts and the timeline; when something is wrong,
/// what is wrong comes before everything else. All text of the run is escaped, and a content
/// security policy in the page forbids what escaping should have prevented.
public final class HtmlReport {

  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

  private HtmlReport() {}

  /// The whole page, for UTF-8.
  public static String render(Verdict verdict, Timeline timeline, Repro repro) {
    Html html = new Html();
    html.open("html", "lang", "en");
    head(html, verdict);
    html.open("body");
    MastheadPart.render(html, verdict);
    html.open("main");
    if (verdict.verdict() == Outcome.HARNESS_ERROR) {
      harnessErrors(html, verdict);
    }
    FailurePart.render(html, verdict);
    MastheadPart.facts(html, verdict);
    ServicePart.headline(html, verdict);
    TimelineFigure.of(verdict, timeline).render(html);
    new FaultPart(verdict).render(html);
    LatencyPart.render(html, verdict.latency());
    ServicePart.render(html, verdict);
    PropertyPart.render(html, verdict);
    SituationPart.render(html, verdict);
    if (verdict.verdict() != Outcome.HARNESS_ERROR) {
      harnessErrors(html, verdict);
    }
    reproduce(html, verdict, repro);
    html.close();
    glossary(html);
    html.close().close();
    return html.document();
  }

  private static void head(Html html, Verdict verdict) {
    html.open("head")
        .empty("meta", "charset", "utf-8")
        .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
        .empty("meta", "name", "color-scheme", "content", "light dark")
        .empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY)
        .empty("link", "rel", "icon", "href", "data:,")
        .leaf(
            "title",
            "%s: %s, seed %d · Gretchen"
                .formatted(
                    Words.of(verdict.verdict()), PlainText.line(verdict.app()), verdict.seed()))
        .stylesheet(Stylesheet.CSS)
        .close();
  }

  private static void harnessErrors(Html html, Verdict verdict) {
    if (verdict.harnessErrors().isEmpty()) {
      return;
    }
    html.open("section", "aria-labelledby", "harness", "class", "callout broken")
        .leaf("h2", "Harness errors", "id", "harness")
        .leaf("p", "What went wrong with the judge or its surroundings, not with the app.")
        .open("ul");
    verdict.harnessErrors().forEach(error -> html.leaf("li", error));
    html.close().close();
  }

  private static void reproduce(Html html, Verdict verdict, Repro repro) {
    html.open("section", "aria-labelledby", "reproduce")
        .leaf("h2", "Reproduce", "id", "reproduce")
        .leaf(
            "p",
            repro.exact()
                ? "The command that started this run; repro.sh beside this page holds it too."
                : "Derived from the verdict: options other than these are at their defaults.");
    html.open("pre", "tabindex", "0", "aria-label", "Command")
        .leaf("code", repro.shellLine())
        .close();
    html.open("p").text("Equal seed and options give the same load (hash ");
    html.leaf("code", verdict.loadHash()).text(") and the same fault plan (hash ");
    html.leaf("code", verdict.planHash()).text("). To judge this run again without repeating it: ");
    html.leaf("code", "./gretchen judge").text(" and the folder of this page.").close().close();
  }

  private static void glossary(Html html) {
    html.open("footer").open("p");
    for (List<String> entry :
        List.of(
            List.of("worker", "one running process of the app"),
            List.of("takeover", "a partition passing to another worker after a fault"),
            List.of("lag", "events sent and not yet seen in the output"),
            List.of("proven", "the fault’s effect was observed"),
            List.of("compared", "how many items a checker looked at; none is never a pass"),
            List.of("vacuous", "compared nothing, or never met what the run was for"))) {
      html.leaf("b", entry.getFirst()).text(" " + entry.getLast() + " · ");
    }
    html.text("all times in seconds since the load began, phases since their fault").close();
    html.close();
  }
}
