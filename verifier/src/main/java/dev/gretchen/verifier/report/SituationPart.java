package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Situation;
import dev.gretchen.verifier.verdict.Verdict;

/// Which of the situations that a campaign must meet this run has met.
final class SituationPart {

  private SituationPart() {}

  static void render(Html html, Verdict verdict) {
    if (verdict.situations().isEmpty()) {
      return;
    }
    html.open("section", "aria-labelledby", "situations")
        .leaf("h2", "Situations met", "id", "situations");
    html.leaf(
        "p",
        "What makes a green run worth something, told from what was observed. One run need not meet"
            + " all of them; a campaign must.",
        "class",
        "lede");
    html.open("table").open("thead").open("tr");
    html.leaf("th", "situation", "scope", "col")
        .leaf("th", "times", "scope", "col", "class", "num");
    html.leaf("th", "the first", "scope", "col").close().close().open("tbody");
    for (Situation situation : verdict.situations()) {
      html.open("tr").open("td").leaf("code", situation.name()).close();
      html.leaf("td", Phrases.number(situation.times()), "class", "num");
      html.leaf("td", situation.times() == 0 ? "not met" : situation.example(), "class", "detail");
      html.close();
    }
    html.close().close().close();
  }
}
