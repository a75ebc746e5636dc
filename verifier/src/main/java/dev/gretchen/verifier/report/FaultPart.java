package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.SkippedFault;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.List;
import java.util.Map;

/// The faults and the phases of recovery after each, as a table with a small bar per fault on one
/// common scale; then the faults that were skipped.
final class FaultPart {

  private final Verdict verdict;
  private final List<String> phases;
  private final List<String> silences;
  private final long longest;
  private final boolean anyPhase;

  FaultPart(Verdict verdict) {
    this.verdict = verdict;
    this.phases = Phases.columns(verdict.faults());
    this.silences = SilenceColumns.of(verdict.faults());
    this.longest = Phases.longestMillis(verdict.faults());
    this.anyPhase = verdict.faults().stream().anyMatch(fault -> !fault.phases().isEmpty());
  }

  void render(Html html) {
    html.open("section", "aria-labelledby", "faults")
        .leaf("h2", "Faults and recovery", "id", "faults");
    if (verdict.faults().isEmpty()) {
      html.leaf("p", "No fault was injected.", "class", "nothing");
    } else {
      html.leaf(
          "p",
          "Seconds from the moment the fault took effect; blank where a phase does not apply."
              + (silences.isEmpty() ? "" : " " + SilenceColumns.LEGEND),
          "class",
          "lede");
      table(html);
    }
    if (!verdict.skipped().isEmpty()) {
      skipped(html);
    }
    html.close();
  }

  private void table(Html html) {
    html.open(
        "div", "class", "scroll", "tabindex", "0", "role", "region", "aria-labelledby", "faults");
    html.open("table", "class", "faults").open("thead").open("tr");
    html.leaf("th", "#", "scope", "col", "class", "num")
        .leaf("th", "at", "scope", "col", "class", "num");
    html.leaf("th", "fault", "scope", "col");
    for (String phase : phases) {
      html.open("th", "scope", "col", "class", "num").text(Phases.words(phase));
      html.leaf("span", "", "class", "swatch " + look(phase)).close();
    }
    for (String whose : silences) {
      html.leaf("th", SilenceColumns.words(whose), "scope", "col", "class", "num");
    }
    if (anyPhase) {
      html.leaf("th", "0 to " + Phrases.seconds(longest), "scope", "col", "class", "bars");
    }
    html.close().close().open("tbody");
    for (int i = 0; i < verdict.faults().size(); i++) {
      row(html, i + 1, verdict.faults().get(i));
    }
    html.close().close().close();
  }

  private void row(Html html, int number, FaultOutcome fault) {
    html.open("tr");
    html.leaf("td", Integer.toString(number), "class", "num disc-number");
    html.leaf("td", Phrases.seconds(fault.at() - verdict.startedAt()), "class", "num");
    html.open("td", "class", "what").open("div");
    html.leaf("code", fault.id())
        .text(" ")
        .leaf("b", fault.kind())
        .text(" " + fault.target())
        .close();
    html.open("div", "class", "proof");
    Tone tone = fault.proven() ? Tone.GOOD : Tone.VOID;
    html.open("span", "class", "verdict-word " + tone.cssClass());
    tone.icon(html);
    html.text(fault.proven() ? "proven" : "not proven").close();
    html.text(" " + fault.proof() + healed(fault)).close().close();
    for (String phase : phases) {
      Long millis = fault.phases().get(phase);
      html.leaf("td", millis == null ? "" : Phrases.fineSeconds(millis), "class", "num");
    }
    for (String whose : silences) {
      Long millis = fault.silence().get(whose);
      html.leaf("td", millis == null ? "" : Phrases.fineSeconds(millis), "class", "num");
    }
    if (anyPhase) {
      html.open("td", "class", "bars");
      bars(html, fault);
      html.close();
    }
    html.close();
  }

  private static String healed(FaultOutcome fault) {
    return fault.healedAt() > fault.at()
        ? " · healed after " + Phrases.duration(fault.healedAt() - fault.at())
        : "";
  }

  private void bars(Html html, FaultOutcome fault) {
    if (fault.phases().isEmpty()) {
      return;
    }
    html.open("svg", "height", "14", "role", "img", "aria-label", "phases as a bar");
    long before = 0;
    for (Map.Entry<String, Long> phase : Phases.inTime(fault, phases)) {
      long until = Math.max(before, phase.getValue());
      html.open(
          "rect",
          "class",
          look(phase.getKey()),
          "x",
          part(before),
          "width",
          part(until - before),
          "height",
          "14");
      html.leaf("title", Phases.words(phase.getKey()) + " after " + Phrases.fineSeconds(until));
      html.close();
      before = until;
    }
    html.close();
  }

  private String part(long millis) {
    return TimeAxis.percent(millis / (double) longest);
  }

  private static String look(String phase) {
    return "phase-" + (Phases.KNOWN.indexOf(phase) + 1);
  }

  private void skipped(Html html) {
    html.leaf("h3", "Skipped, each with its reason").open("ul", "class", "skipped");
    for (SkippedFault fault : verdict.skipped()) {
      html.open("li").leaf("code", fault.id()).text(" ").leaf("b", fault.kind());
      html.text(": " + fault.reason()).close();
    }
    html.close();
  }
}
