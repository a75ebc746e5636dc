package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;

/// Renders `summary.md` for the page of a CI job: sentence, what went wrong, properties, faults
/// with their phases, how to repeat the run. Bounded, since CI systems refuse large summaries.
public final class SummaryMarkdown {

  /// How many faults the table shows; a soak of hours has thousands.
  static final int FAULTS_MAX = 100;

  private static final int CELL_MAX = 300;

  private final Verdict verdict;
  private final Markdown md = new Markdown();

  private SummaryMarkdown(Verdict verdict) {
    this.verdict = verdict;
  }

  /// The whole text.
  public static String render(Verdict verdict, Repro repro) {
    return new SummaryMarkdown(verdict).text(repro);
  }

  private String text(Repro repro) {
    md.heading(
        2, mark(verdict.verdict()) + " " + Words.of(verdict.verdict()) + ": " + verdict.app());
    md.paragraph("**" + Markdown.escaped(verdict.sentence()) + "**");
    md.paragraph(facts());
    service();
    harnessErrors();
    Judged.with(verdict, Status.FAIL).forEach(this::failure);
    properties();
    faults();
    situations();
    reproduce(repro);
    return md.text().stripTrailing() + "\n";
  }

  private String facts() {
    return "%s, judged as %s · seed `%d` · %s · %s · faults: %s · %s"
        .formatted(
            Markdown.escaped(verdict.guarantee()),
            Markdown.escaped(verdict.judgedAs()),
            verdict.seed(),
            Phrases.count(verdict.events(), "event"),
            Phrases.duration(Judged.durationMillis(verdict)),
            Judged.faults(verdict),
            Judged.date(verdict));
  }

  private void service() {
    List<List<String>> rows = new ArrayList<>();
    for (ServiceLevel level : Service.streams(verdict)) {
      rows.add(
          List.of(
              Markdown.code(level.topic()),
              cell(Service.stretch(level)),
              Service.up(level),
              Phrases.duration(level.longestSilenceMillis()),
              Service.onTime(level),
              Phrases.duration(level.p50Millis()),
              Phrases.duration(level.p99Millis()),
              Phrases.duration(level.p999Millis()),
              Phrases.duration(level.maxMillis())));
    }
    if (!rows.isEmpty()) {
      md.heading(3, "Is it up, and how late?");
      md.table(
          List.of(
              "stream",
              "faults",
              "up",
              "silent for at most",
              "on time",
              "p50",
              "p99",
              "p99.9",
              "max"),
          "|---|---|--:|--:|--:|--:|--:|--:|--:|",
          rows);
      md.paragraph(Markdown.escaped(Service.MEANING));
    }
  }

  private void situations() {
    if (!verdict.situations().isEmpty()) {
      md.heading(3, "Situations met");
      md.bullets(
          verdict.situations().stream()
              .map(s ->
                  Markdown.code(s.name())
                      + ": "
                      + (s.times() == 0
                          ? "not met"
                          : Phrases.number(s.times()) + ", first " + cell(s.example())))
              .toList());
    }
  }

  private void harnessErrors() {
    if (!verdict.harnessErrors().isEmpty()) {
      md.heading(3, "Harness errors");
      md.bullets(verdict.harnessErrors().stream().map(SummaryMarkdown::cell).toList());
    }
  }

  private void failure(Property property) {
    md.heading(3, "Failed: " + property.name());
    md.paragraph(
        cell(property.detail())
            + (property.anomalyCount() > 1
                ? " (" + Phrases.count(property.anomalyCount(), "anomaly") + ")"
                : ""));
    if (property.anomalies().isEmpty() || property.anomalies().getFirst().records().isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    for (Anomaly.Exhibit exhibit : property.anomalies().getFirst().records()) {
      rows.add(
          List.of(Markdown.code(exhibit.where()), cell(exhibit.what()), cell(exhibit.remark())));
    }
    md.table(List.of("where", "what", "remark"), "|---|---|---|", rows);
  }

  private void properties() {
    List<List<String>> rows = new ArrayList<>();
    Judged.bySection(verdict)
        .forEach((section, properties) -> {
          for (Property property : properties) {
            rows.add(
                List.of(
                    Words.lower(section),
                    mark(property.status()) + " " + property.status(),
                    Markdown.code(property.name()),
                    Phrases.number(property.compared()),
                    cell(property.detail())));
          }
        });
    md.heading(3, "Properties");
    if (rows.isEmpty()) {
      md.paragraph("None was judged.");
      return;
    }
    md.table(
        List.of("section", "status", "property", "compared", "detail"),
        "|---|---|---|--:|---|",
        rows);
  }

  private void faults() {
    md.heading(3, "Faults");
    if (verdict.faults().isEmpty()) {
      md.paragraph("None was injected.");
    } else {
      faultTable();
    }
    if (!verdict.skipped().isEmpty()) {
      md.paragraph("Skipped, each with its reason:");
      md.bullets(
          verdict.skipped().stream()
              .map(s -> Markdown.code(s.id()) + " " + cell(s.kind()) + ": " + cell(s.reason()))
              .toList());
    }
  }

  private void faultTable() {
    List<String> phases = Phases.columns(verdict.faults());
    List<String> heads = new ArrayList<>(List.of("#", "at", "fault", "target", "effect"));
    phases.forEach(phase -> heads.add(Markdown.escaped(Phases.words(phase))));
    List<String> silences = SilenceColumns.of(verdict.faults());
    silences.forEach(whose -> heads.add(SilenceColumns.words(whose)));
    List<List<String>> rows = new ArrayList<>();
    int shown = Math.min(FAULTS_MAX, verdict.faults().size());
    for (int i = 0; i < shown; i++) {
      rows.add(faultRow(i + 1, verdict.faults().get(i), phases, silences));
    }
    md.table(heads, "|--:|--:|---|---|---|" + "--:|".repeat(phases.size() + silences.size()), rows);
    if (shown < verdict.faults().size()) {
      md.paragraph("and " + (verdict.faults().size() - shown) + " more, in the report.");
    }
  }

  private List<String> faultRow(
      int number, FaultOutcome fault, List<String> phases, List<String> silences) {
    List<String> row = new ArrayList<>();
    row.add(Integer.toString(number));
    row.add(Phrases.seconds(fault.at() - verdict.startedAt()));
    row.add(Markdown.code(fault.id()) + " " + cell(fault.kind()));
    row.add(cell(fault.target()));
    row.add(fault.proven() ? "proven" : "**not proven**: " + cell(fault.proof()));
    for (String phase : phases) {
      Long millis = fault.phases().get(phase);
      row.add(millis == null ? "" : Phrases.fineSeconds(millis));
    }
    for (String whose : silences) {
      Long millis = fault.silence().get(whose);
      row.add(millis == null ? "" : Phrases.fineSeconds(millis));
    }
    return row;
  }

  private void reproduce(Repro repro) {
    md.heading(3, "Reproduce");
    md.fenced("sh", repro.shellLine());
    if (!repro.exact()) {
      md.paragraph("Derived from the verdict: other options are at their defaults.");
    }
    md.paragraph(
        "load hash "
            + Markdown.code(verdict.loadHash())
            + ", plan hash "
            + Markdown.code(verdict.planHash()));
  }

  private static String cell(String text) {
    return Markdown.escaped(PlainText.shortLine(text, CELL_MAX));
  }

  private static String mark(Outcome outcome) {
    return switch (outcome) {
      case PASS -> "✅";
      case FAIL -> "❌";
      case VACUOUS, UNKNOWN -> "⚠️";
      case HARNESS_ERROR -> "🛠️";
    };
  }

  private static String mark(Status status) {
    return switch (status) {
      case PASS -> "✅";
      case FAIL -> "❌";
      case VACUOUS, UNKNOWN -> "⚠️";
      case SKIPPED -> "➖";
    };
  }
}
