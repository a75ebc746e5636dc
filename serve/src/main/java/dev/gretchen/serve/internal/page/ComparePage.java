package dev.gretchen.serve.internal.page;

import dev.gretchen.serve.internal.record.Comparison;
import dev.gretchen.serve.internal.record.Comparison.Line;
import dev.gretchen.serve.internal.record.Comparison.Part;
import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.report.Html;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Two runs beside each other; what differs is marked with a word, not only with a colour. Pure.
final class ComparePage {

  private ComparePage() {}

  static String render(Comparison comparison) {
    return Page.of(
        "Two runs",
        Page.Place.NOWHERE,
        html -> {
          html.leaf("h1", "Two runs");
          html.open("ul", "class", "pair");
          run(html, "First", comparison.first());
          run(html, "Second", comparison.second());
          html.close();
          html.leaf("p", "What was measured differs by a tenth or more.", "class", "aside");
          for (Part part : Part.values()) {
            List<Line> lines =
                comparison.lines().stream().filter(line -> line.part() == part).toList();
            if (!lines.isEmpty()) {
              part(html, part, lines);
            }
          }
        });
  }

  private static void run(Html html, String which, RunEntry run) {
    html.open("li").text(which + ": ");
    Parts.verdict(html, run.outcome());
    html.text(" ").leaf("a", run.path(), "href", Parts.address(run)).close();
  }

  private static void part(Html html, Part part, List<Line> lines) {
    String id = "part-" + part.name().toLowerCase(Locale.ROOT);
    html.open("section", "aria-labelledby", id).leaf("h2", part.title(), "id", id);
    Parts.beginTable(
        html, part.title(), List.of("", "first", "second", "#second to first", "differs"));
    for (Line line : lines) {
      html.open("tr", "class", line.differs() ? "differs" : "same")
          .leaf("th", line.name(), "scope", "row");
      Parts.cell(html, line.first());
      Parts.cell(html, line.second());
      Parts.number(html, ratio(line.ratio()));
      Parts.cell(html, line.differs() ? "differs" : "");
      html.close();
    }
    Parts.endTable(html);
    html.close();
  }

  private static String ratio(@Nullable Double ratio) {
    return ratio == null ? "" : String.format(Locale.ROOT, "× %.2f", ratio);
  }
}
