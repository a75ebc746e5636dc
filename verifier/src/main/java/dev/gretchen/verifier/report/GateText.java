package dev.gretchen.verifier.report;

import dev.gretchen.verifier.gate.Decision;
import dev.gretchen.verifier.gate.Finding;
import java.util.List;
import java.util.Locale;

/// What a gate decided, for people: on a terminal and on the page of a CI job. Pure.
public final class GateText {

  private static final int SENTENCE_MAX = 600;

  private GateText() {}

  /// A line for each finding, those that refuse first, and the decision.
  public static String plain(Decision decision) {
    int width =
        decision.findings().stream().mapToInt(finding -> finding.rule().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Finding finding : decision.byUrgency()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-11s  %-" + Math.max(1, width) + "s  %s%n",
              finding.ruling() == Finding.Ruling.REFUSED ? "REFUSED" : finding.ruling().word(),
              finding.rule(),
              sentence(finding)));
    }
    return text + "\n" + word(decision) + "  " + decision.sentence() + "\n";
  }

  /// A page of Markdown.
  public static String markdown(Decision decision) {
    List<List<String>> rows =
        decision.byUrgency().stream()
            .map(finding ->
                List.of(
                    finding.ruling() == Finding.Ruling.REFUSED
                        ? "**refused**"
                        : finding.ruling().word(),
                    Markdown.code(finding.rule().replace(": ", ":")),
                    Markdown.escaped(sentence(finding))))
            .toList();
    return new Markdown()
        .heading(2, "Gate " + decision.policy() + ": " + word(decision))
        .paragraph(Markdown.escaped(decision.sentence()))
        .table(List.of("", "Rule", "Why"), "|---|---|---|", rows)
        .text();
  }

  private static String word(Decision decision) {
    return decision.passes() ? "PASS" : "REFUSED";
  }

  private static String sentence(Finding finding) {
    return PlainText.shortLine(finding.sentence(), SENTENCE_MAX);
  }
}
