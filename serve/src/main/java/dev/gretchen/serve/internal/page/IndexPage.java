package dev.gretchen.serve.internal.page;

import dev.gretchen.serve.internal.http.Asked;
import dev.gretchen.verifier.record.Choices;
import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.record.RunsAnswer;
import dev.gretchen.verifier.record.Violation;
import dev.gretchen.verifier.report.Html;
import dev.gretchen.verifier.report.Phrases;
import java.util.List;

/// All runs: filters, what those that are meant prove together, what they violated, how their
/// takeovers went, and the latest of them. Pure.
final class IndexPage {

  private IndexPage() {}

  static String render(Asked asked, Choices choices, RunsAnswer answer) {
    return Page.of(
        "Runs",
        Page.Place.RUNS,
        html -> {
          html.leaf("h1", "Runs");
          new FilterForm(html, asked, choices).render("/", false);
          summary(html, answer);
          runs(html, answer);
          if (!answer.violations().isEmpty()) {
            violations(html, answer.violations());
          }
          if (!answer.faults().isEmpty()) {
            html.open("section", "aria-labelledby", "takeovers")
                .leaf("h2", "Takeovers", "id", "takeovers");
            Parts.takeovers(html, answer.faults());
            html.close();
          }
        });
  }

  private static void summary(Html html, RunsAnswer answer) {
    html.open("section", "aria-label", "What these runs prove").open("p", "class", "verdicts");
    answer
        .outcomes()
        .forEach((outcome, count) -> {
          Parts.verdict(html, outcome);
          html.text(" " + Phrases.number(count) + " ");
        });
    html.close();
    html.leaf("p", Figures.proof(answer.rate()), "class", "proven", "id", "proof");
    html.close();
  }

  private static void runs(Html html, RunsAnswer answer) {
    List<RunEntry> runs = answer.runs();
    html.open("section", "aria-labelledby", "latest").leaf("h2", "Latest", "id", "latest");
    if (runs.isEmpty()) {
      html.leaf(
              "p",
              "No such run. Make one with ./gretchen verify word-colors, or show all.",
              "class",
              "nothing")
          .close();
      return;
    }
    long all = answer.outcomes().values().stream().mapToLong(Long::longValue).sum();
    if (all > runs.size()) {
      html.leaf(
          "p",
          "%s of %s with a verdict; all of them count above."
              .formatted(Phrases.number(runs.size()), Phrases.number(all)),
          "class",
          "aside");
    }
    html.open("form", "method", "get", "action", "/compare", "id", "compare");
    Parts.beginTable(
        html,
        "Runs, the latest first",
        List.of(
            "mark",
            "began (UTC)",
            "verdict",
            "app",
            "commit",
            "#seed",
            "#events",
            "#faults",
            "#up",
            "#p99 ms",
            "#events/s",
            "directory"));
    runs.forEach(run -> row(html, run));
    Parts.endTable(html);
    html.leaf("button", "Compare the two that are marked", "type", "submit");
    html.close().close();
  }

  private static void row(Html html, RunEntry run) {
    html.open("tr", "class", "run").open("td");
    html.empty(
        "input",
        "type",
        "checkbox",
        "name",
        "run",
        "value",
        run.id(),
        "aria-label",
        "Mark " + run.path());
    html.close();
    html.leaf("td", Figures.moment(run.startedAt()), "class", "moment");
    html.open("td");
    Parts.verdict(html, run.outcome());
    html.close();
    Parts.cell(html, run.app());
    html.open("td").leaf("code", run.commit()).close();
    Parts.number(html, Long.toString(run.seed()));
    Parts.number(html, Figures.number(run.events()));
    Parts.number(html, Figures.number(run.faults()));
    Parts.number(html, Figures.percent(run.availability()));
    Parts.number(html, Figures.number(run.p99Millis()));
    Parts.number(html, Figures.number(run.figures().eventsPerSecond()));
    html.open("td").leaf("a", run.path(), "href", Parts.address(run), "class", "open-run");
    html.close().close();
  }

  private static void violations(Html html, List<Violation> violations) {
    html.open("section", "aria-labelledby", "violated")
        .leaf("h2", "What was violated", "id", "violated");
    for (Violation violation : violations) {
      html.open("article", "class", "callout bad").open("h3");
      html.leaf("code", violation.fingerprint())
          .leaf(
              "a",
              Phrases.count(violation.runs(), "run"),
              "href",
              "/?violation=" + Urls.encode(violation.fingerprint()))
          .close();
      html.leaf("p", violation.example(), "class", "sentence");
      html.open("p", "class", "aside")
          .text(
              "First %s, last %s (UTC), in "
                  .formatted(
                      Figures.moment(violation.firstAt()), Figures.moment(violation.lastAt())))
          .leaf(
              "a",
              violation.lastPath(),
              "href",
              "/runs/" + Urls.encode(violation.lastPath().replace('/', '~')))
          .close();
      html.close();
    }
    html.close();
  }

  /// A page for a refusal.
  static String refusal(int status, String sentence) {
    return Page.of(
        "Not so",
        Page.Place.NOWHERE,
        html -> html.leaf("h1", sentence).leaf("p", "HTTP status " + status, "class", "aside"));
  }
}
