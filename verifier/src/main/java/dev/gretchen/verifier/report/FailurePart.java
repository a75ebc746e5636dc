package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;

/// What keeps a run from passing: each failed property with its anomalies and the records that show
/// them or, where nothing failed, what could not be decided.
final class FailurePart {

  private FailurePart() {}

  static void render(Html html, Verdict verdict) {
    List<Property> failed = Judged.with(verdict, Status.FAIL);
    if (!failed.isEmpty()) {
      html.open("section", "aria-labelledby", "failure")
          .leaf("h2", "What went wrong", "id", "failure");
      failed.forEach(property -> failure(html, property));
      html.close();
    } else if (verdict.verdict() == Outcome.UNKNOWN || verdict.verdict() == Outcome.VACUOUS) {
      undecided(html, verdict);
    }
  }

  private static void failure(Html html, Property property) {
    html.open("article", "class", "callout bad");
    html.open("h3").leaf("code", property.name());
    html.leaf(
        "span",
        Words.title(property.section())
            + " · "
            + Phrases.count(property.anomalyCount(), "anomaly")
            + " in "
            + Phrases.number(property.compared())
            + " compared",
        "class",
        "aside");
    html.close();
    if (property.anomalies().isEmpty()) {
      html.leaf("p", property.detail(), "class", "sentence");
    } else {
      anomaly(html, property.anomalies().getFirst());
      others(html, property);
    }
    html.close();
  }

  private static void others(Html html, Property property) {
    List<Anomaly> others = property.anomalies().subList(1, property.anomalies().size());
    long untold = property.anomalyCount() - property.anomalies().size();
    if (!others.isEmpty()) {
      html.open("details").leaf("summary", Phrases.count(others.size(), "further anomaly"));
      others.forEach(other -> anomaly(html, other));
      html.close();
    }
    if (untold > 0) {
      html.leaf(
          "p", "and " + Phrases.number(untold) + " more that are counted only", "class", "aside");
    }
  }

  /// The roles say again what the elements are, since on a phone the rows are not laid out as a
  /// table.
  private static void anomaly(Html html, Anomaly anomaly) {
    html.open("p", "class", "sentence");
    html.leaf("span", anomaly.kind(), "class", "kind").text(" " + anomaly.sentence()).close();
    if (anomaly.records().isEmpty()) {
      return;
    }
    html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Records");
    html.open("table", "class", "exhibits", "role", "table");
    html.open("thead", "role", "rowgroup").open("tr", "role", "row");
    for (String head : List.of("where", "what", "remark")) {
      html.leaf("th", head, "scope", "col", "role", "columnheader");
    }
    html.close().close().open("tbody", "role", "rowgroup");
    for (Anomaly.Exhibit exhibit : anomaly.records()) {
      html.open("tr", "role", "row");
      html.leaf("td", exhibit.where(), "role", "cell", "class", "mono");
      html.leaf("td", exhibit.what(), "role", "cell", "class", "mono");
      html.leaf("td", exhibit.remark(), "role", "cell").close();
    }
    html.close().close().close();
  }

  private static void undecided(Html html, Verdict verdict) {
    List<String> reasons = new ArrayList<>();
    for (Status status : List.of(Status.UNKNOWN, Status.VACUOUS)) {
      for (Property property : Judged.with(verdict, status)) {
        reasons.add(property.name() + ": " + property.detail());
      }
    }
    for (int i = 0; i < verdict.faults().size(); i++) {
      FaultOutcome fault = verdict.faults().get(i);
      if (!fault.proven()) {
        reasons.add(
            "fault %d, %s on %s, had no proven effect: %s"
                .formatted(i + 1, fault.kind(), fault.target(), fault.proof()));
      }
    }
    if (reasons.isEmpty()) {
      return;
    }
    html.open(
            "section",
            "aria-labelledby",
            "undecided",
            "class",
            "callout " + Tone.of(verdict.verdict()).cssClass())
        .leaf("h2", "Why this is not a pass", "id", "undecided")
        .open("ul");
    reasons.forEach(reason -> html.leaf("li", reason));
    html.close().close();
  }
}
