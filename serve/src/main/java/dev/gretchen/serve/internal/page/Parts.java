package dev.gretchen.serve.internal.page;

import dev.gretchen.verifier.record.FaultFigures;
import dev.gretchen.verifier.record.Percentiles;
import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.report.Html;
import dev.gretchen.verifier.report.Tone;
import dev.gretchen.verifier.report.Words;
import dev.gretchen.verifier.verdict.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What several pages show.
final class Parts {

  private static final String NUMBER = "num";

  private Parts() {}

  /// Where a run's page is.
  static String address(RunEntry run) {
    return "/runs/" + Urls.encode(run.id());
  }

  /// A verdict as a word with an icon; colour alone says nothing.
  static void verdict(Html html, @Nullable Outcome outcome) {
    if (outcome == null) {
      Tone.IDLE.chip(html, "NONE");
    } else {
      Tone.of(outcome).chip(html, Words.of(outcome));
    }
  }

  /// Begins a table that scrolls by itself where it is wider than the screen; ends with
  /// [#endTable].
  ///
  /// @param label for those who do not see it
  /// @param columns names of columns; those that begin with `#` hold numbers
  static void beginTable(Html html, String label, List<String> columns) {
    html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", label)
        .open("table")
        .open("thead")
        .open("tr");
    for (String column : columns) {
      if (column.startsWith("#")) {
        html.leaf("th", column.substring(1), "scope", "col", "class", NUMBER);
      } else {
        html.leaf("th", column, "scope", "col");
      }
    }
    html.close().close().open("tbody");
  }

  static void endTable(Html html) {
    html.close().close().close();
  }

  static void cell(Html html, String text) {
    html.leaf("td", text);
  }

  static void number(Html html, String text) {
    html.leaf("td", text, "class", NUMBER);
  }

  /// How takeovers went, by kind of fault.
  static void takeovers(Html html, List<FaultFigures> faults) {
    beginTable(
        html,
        "Takeovers by kind of fault",
        List.of(
            "fault",
            "#times",
            "#silence p50",
            "#p90",
            "#p99",
            "#most",
            "#others p99",
            "#detected p50",
            "#first output p50",
            "#p99"));
    for (FaultFigures fault : faults) {
      Percentiles silence = fault.silence();
      html.open("tr").leaf("th", fault.kind(), "scope", "row");
      number(html, Figures.number(fault.times()));
      number(html, Figures.percentile(silence, silence.p50()));
      number(html, Figures.percentile(silence, silence.p90()));
      number(html, Figures.percentile(silence, silence.p99()));
      number(html, Figures.percentile(silence, silence.max()));
      number(html, Figures.percentile(fault.others(), fault.others().p99()));
      number(html, Figures.percentile(fault.detected(), fault.detected().p50()));
      number(html, Figures.percentile(fault.firstOutput(), fault.firstOutput().p50()));
      number(html, Figures.percentile(fault.firstOutput(), fault.firstOutput().p99()));
      html.close();
    }
    endTable(html);
    html.leaf(
        "p", "Milliseconds. Silence is beyond the usual one of the same run.", "class", "aside");
  }
}
