package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Situation;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Renders the closing lines of a run for a terminal or a CI log: sentence, properties, faults with
/// their phases, where the report lies.
public final class ConsoleSummary {

  /// How many faults are listed; the report has all of them.
  static final int FAULTS_MAX = 40;

  private static final int LINE_MAX = 160;

  private final Verdict verdict;
  private final boolean colour;
  private final StringBuilder out = new StringBuilder();

  private ConsoleSummary(Verdict verdict, boolean colour) {
    this.verdict = verdict;
    this.colour = colour;
  }

  /// The lines, each with its line break.
  ///
  /// @param report where the HTML report lies, as the reader should see it
  /// @param colour whether the terminal understands ANSI colours; without, the text is plain
  public static String render(Verdict verdict, Repro repro, Path report, boolean colour) {
    return new ConsoleSummary(verdict, colour).text(repro, report);
  }

  private String text(Repro repro, Path report) {
    line(
        paint(Words.of(verdict.verdict()), ansi(verdict.verdict()))
            + "  "
            + PlainText.line(verdict.sentence()));
    for (String error : verdict.harnessErrors()) {
      line("  harness: " + PlainText.shortLine(error, LINE_MAX));
    }
    properties();
    service();
    faults();
    line("");
    line("  report     " + PlainText.line(report.toString()));
    line("  reproduce  " + PlainText.of(repro.shellLine()));
    return out.toString();
  }

  private void properties() {
    int name = width(verdict.properties().stream().map(Property::name).toList());
    int compared =
        width(verdict.properties().stream().map(p -> Phrases.number(p.compared())).toList());
    Judged.bySection(verdict)
        .forEach((section, properties) -> {
          line("");
          line("  " + Words.lower(section) + ": " + Judged.tally(properties));
          properties.forEach(property -> property(property, name, compared));
        });
  }

  private void property(Property property, int nameWidth, int comparedWidth) {
    Status status = property.status();
    line(
        "    "
            + paint(padded(status.name(), 8), ansi(status))
            + padded(PlainText.line(property.name()), nameWidth + 2)
            + aligned(Phrases.number(property.compared()), comparedWidth)
            + " compared"
            + (property.anomalyCount() > 0
                ? "  " + Phrases.count(property.anomalyCount(), "anomaly")
                : ""));
    if (status != Status.PASS) {
      line("            " + PlainText.shortLine(property.detail(), LINE_MAX));
    }
    if (status == Status.FAIL && !property.anomalies().isEmpty()) {
      property.anomalies().getFirst().records().forEach(this::exhibit);
    }
  }

  private void exhibit(Anomaly.Exhibit exhibit) {
    String remark = exhibit.remark().isEmpty() ? "" : "  <- " + PlainText.line(exhibit.remark());
    line(
        "              "
            + PlainText.line(exhibit.where())
            + "  "
            + PlainText.shortLine(exhibit.what(), LINE_MAX)
            + remark);
  }

  /// Is it up, and how late; and what the run met.
  private void service() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "stream", "up", "during faults", "silent for at most", "on time", "p50", "p99", "max"));
    for (ServiceLevel level : Service.headlines(verdict)) {
      rows.add(
          List.of(
              PlainText.line(level.topic()),
              Service.up(level),
              Service.over(verdict, level, "during").map(Service::up).orElse("-"),
              Phrases.duration(level.longestSilenceMillis()),
              Service.onTime(level),
              Phrases.duration(level.p50Millis()),
              Phrases.duration(level.p99Millis()),
              Phrases.duration(level.maxMillis())));
    }
    if (rows.size() > 1) {
      line("");
      line("  service:");
      columns(rows, 0, 1);
    }
    List<String> notMet = Service.notMet(verdict).stream().map(Situation::name).toList();
    if (!verdict.situations().isEmpty()) {
      line("");
      line(
          "  situations: "
              + Service.met(verdict).size()
              + " met"
              + (notMet.isEmpty() ? "" : "; not met: " + String.join(", ", notMet)));
    }
  }

  private void faults() {
    line("");
    line("  faults: " + Judged.faults(verdict));
    List<List<String>> rows = new ArrayList<>();
    List<String> phases = Phases.columns(verdict.faults());
    List<String> heads = new ArrayList<>(List.of("#", "at", "fault", "target"));
    List<String> silences = SilenceColumns.of(verdict.faults());
    phases.forEach(phase -> heads.add(Phases.words(phase)));
    silences.forEach(whose -> heads.add(SilenceColumns.words(whose)));
    rows.add(heads);
    int shown = Math.min(FAULTS_MAX, verdict.faults().size());
    for (int i = 0; i < shown; i++) {
      rows.add(faultCells(i + 1, verdict.faults().get(i), phases, silences));
    }
    if (shown > 0) {
      columns(rows, 2, 4);
    }
    if (shown < verdict.faults().size()) {
      line("    and " + (verdict.faults().size() - shown) + " more, in the report");
    }
  }

  private List<String> faultCells(
      int number, FaultOutcome fault, List<String> phases, List<String> silences) {
    List<String> row = new ArrayList<>();
    row.add(Integer.toString(number));
    row.add(Phrases.seconds(fault.at() - verdict.startedAt()));
    row.add(PlainText.line(fault.id() + " " + fault.kind()));
    row.add(PlainText.line(fault.target()) + (fault.proven() ? "" : " (not proven)"));
    for (String phase : phases) {
      Long millis = fault.phases().get(phase);
      row.add(millis == null ? "-" : Phrases.fineSeconds(millis));
    }
    for (String whose : silences) {
      Long millis = fault.silence().get(whose);
      row.add(millis == null ? "-" : Phrases.fineSeconds(millis));
    }
    return row;
  }

  /// Columns of words from one to before another; all others are numbers.
  private void columns(List<List<String>> rows, int wordsFrom, int wordsTo) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (int c = 0; c < columns; c++) {
      int column = c;
      widths[c] = width(rows.stream().map(row -> row.get(column)).toList());
    }
    for (List<String> row : rows) {
      StringBuilder text = new StringBuilder("    ");
      for (int c = 0; c < columns; c++) {
        boolean words = c >= wordsFrom && c < wordsTo;
        text.append(words ? padded(row.get(c), widths[c]) : aligned(row.get(c), widths[c]));
        text.append("  ");
      }
      line(text.toString().stripTrailing());
    }
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private String paint(String text, String code) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  private static int width(List<String> texts) {
    return texts.stream().mapToInt(text -> length(PlainText.line(text))).reduce(0, Math::max);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - length(text)));
  }

  private static String aligned(String text, int width) {
    return " ".repeat(Math.max(0, width - length(text))) + text;
  }

  private static String ansi(Outcome outcome) {
    return switch (outcome) {
      case PASS -> "1;32";
      case FAIL -> "1;31";
      case UNKNOWN, VACUOUS -> "1;33";
      case HARNESS_ERROR -> "1;35";
    };
  }

  private static String ansi(Status status) {
    return switch (status) {
      case PASS -> "32";
      case FAIL -> "31";
      case UNKNOWN, VACUOUS -> "33";
      case SKIPPED -> "2";
    };
  }
}
