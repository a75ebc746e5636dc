package dev.gretchen.verifier.soak;

import dev.gretchen.verifier.soak.Coverage.Row;
import dev.gretchen.verifier.soak.Entry.Ended;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// What became of each kind of a catalogue, for a terminal and as a page. Pure.
final class CatalogueText {

  private CatalogueText() {}

  /// A line for each kind, and one for all; nothing where there is no catalogue.
  static String lines(List<Row> rows) {
    if (rows.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (Row row : rows) {
      String fate = String.join("  ", fate(row)).stripTrailing();
      text.append(String.format(Locale.ROOT, "%-4s %-30s %s%n", row.id(), row.kind(), fate));
    }
    return text + sum(rows) + "\n";
  }

  /// The same in Markdown.
  static String page(List<Row> rows) {
    StringBuilder text = new StringBuilder("# The catalogue of faults, and what became of it\n\n");
    text.append(sum(rows)).append("\n\n| code | kind | effect | verdict | run |\n");
    text.append("|---|---|---|---|---|\n");
    for (Row row : rows) {
      String fate = String.join(" | ", fate(row));
      text.append(String.format(Locale.ROOT, "| %s | `%s` | %s |%n", row.id(), row.kind(), fate));
    }
    return text.toString();
  }

  /// Effect, verdict, run.
  private static List<String> fate(Row row) {
    if (row.isSkipped()) {
      return List.of("SKIPPED: " + Objects.requireNonNull(row.skipped()), "", "");
    }
    return row.run().map(run -> fate(row, run)).orElse(List.of("not tried yet", "", ""));
  }

  private static List<String> fate(Row row, Ended run) {
    return List.of(
        "proven %d of %d".formatted(row.proven(), row.injected()),
        run.outcome().name(),
        run.directory().isEmpty() ? run.sentence() : run.directory());
  }

  private static String sum(List<Row> rows) {
    long proven = rows.stream().filter(Row::isProven).count();
    long skipped = rows.stream().filter(Row::isSkipped).count();
    return "%d kinds of faults: %d with a proven effect, %d SKIPPED, %d left."
        .formatted(rows.size(), proven, skipped, rows.size() - proven - skipped);
  }
}
