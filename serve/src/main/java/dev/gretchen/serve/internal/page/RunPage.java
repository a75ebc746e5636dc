package dev.gretchen.serve.internal.page;

import dev.gretchen.serve.internal.record.RunFiles.RunFile;
import dev.gretchen.verifier.progress.Progress;
import dev.gretchen.verifier.record.FaultFigures;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.report.Html;
import dev.gretchen.verifier.report.Reports;
import dev.gretchen.verifier.report.Tone;
import dev.gretchen.verifier.report.Words;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.ServiceLevel;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// One run: its verdict, its figures, its files, and its report as a whole. Pure.
final class RunPage {

  private final RecordedRun run;
  private final List<RunFile> files;
  private final Optional<Progress> progress;

  /// @param progress where it goes on
  RunPage(RecordedRun run, List<RunFile> files, Optional<Progress> progress) {
    this.run = run;
    this.files = List.copyOf(files);
    this.progress = progress;
  }

  String render() {
    RunEntry entry = run.entry();
    return Page.of(
        "%s, seed %d".formatted(entry.app(), entry.seed()),
        Page.Place.NOWHERE,
        html -> {
          html.open("p", "class", "kicker");
          Parts.verdict(html, entry.outcome());
          html.text(" ").leaf("b", entry.app()).text(" · seed " + entry.seed());
          html.close();
          html.leaf("h1", entry.sentence());
          facts(html);
          progress.ifPresent(told -> underWay(html, told));
          takeovers(html);
          service(html);
          properties(html);
          files(html);
          report(html);
        });
  }

  private void facts(Html html) {
    RunEntry entry = run.entry();
    html.open("dl", "class", "facts", "aria-label", "Key facts");
    fact(html, "Began (UTC)", Figures.moment(entry.startedAt()));
    fact(html, "Commit", entry.commit().isEmpty() ? "not known" : entry.commit());
    fact(html, "Guarantee", entry.guarantee());
    fact(html, "Events", Figures.number(entry.events()));
    fact(html, "Events/s", Figures.number(entry.figures().eventsPerSecond()));
    fact(html, "Up", Figures.percent(entry.availability()));
    fact(html, "Latency p99", Figures.number(entry.p99Millis()) + " ms");
    fact(html, "Memory, most", Figures.mebibytes(entry.figures().residentMaxBytes()) + " MiB");
    html.close();
  }

  private static void fact(Html html, String name, String value) {
    html.open("div").leaf("dt", name).leaf("dd", value).close();
  }

  private static void underWay(Html html, Progress told) {
    html.open("section", "class", "callout idle", "aria-labelledby", "under-way")
        .leaf("h2", "It goes on", "id", "under-way");
    LivePage.bar(html, told.share(), told.state());
    html.open("p").leaf("a", "Watch it", "href", "/live").close().close();
  }

  private void takeovers(Html html) {
    List<FaultFigures> faults = FaultFigures.of(run.faults());
    if (!faults.isEmpty()) {
      html.open("section", "aria-labelledby", "takeovers")
          .leaf("h2", "Takeovers", "id", "takeovers");
      Parts.takeovers(html, faults);
      html.close();
    }
  }

  private void service(Html html) {
    List<ServiceLevel> levels =
        run.verdict().stream()
            .flatMap(verdict -> verdict.service().stream())
            .filter(level -> level.partition() == ServiceLevel.ALL)
            .toList();
    if (levels.isEmpty()) {
      return;
    }
    html.open("section", "aria-labelledby", "service").leaf("h2", "Service", "id", "service");
    Parts.beginTable(
        html,
        "Service by stream and stretch",
        List.of(
            "stream",
            "stretch",
            "#events",
            "#missing",
            "#up",
            "#on time",
            "#longest silence ms",
            "#p50 ms",
            "#p99 ms",
            "#most ms"));
    for (ServiceLevel level : levels) {
      html.open("tr").leaf("th", level.topic(), "scope", "row");
      Parts.cell(html, level.stretch());
      Parts.number(html, Figures.number(level.events()));
      Parts.number(html, Figures.number(level.missing()));
      Parts.number(html, Figures.percent(level.availability()));
      Parts.number(html, Figures.percent(level.punctuality()));
      Parts.number(html, Figures.number(level.longestSilenceMillis()));
      Parts.number(html, Figures.number(level.p50Millis()));
      Parts.number(html, Figures.number(level.p99Millis()));
      Parts.number(html, Figures.number(level.maxMillis()));
      html.close();
    }
    Parts.endTable(html);
    html.close();
  }

  private void properties(Html html) {
    List<Property> properties =
        run.properties().stream()
            .sorted(
                Comparator.comparing(Property::section)
                    .thenComparingInt(property -> Words.urgency(property.status())))
            .toList();
    if (properties.isEmpty()) {
      return;
    }
    html.open("section", "aria-labelledby", "properties")
        .leaf("h2", "Properties", "id", "properties");
    Parts.beginTable(
        html,
        "Properties, by section, those that need attention first",
        List.of("section", "status", "property", "#compared", "#anomalies", "what was found"));
    for (Property property : properties) {
      html.open("tr").leaf("td", Words.title(property.section())).open("td");
      Tone.of(property.status()).chip(html, property.status().name());
      html.close().leaf("th", property.name(), "scope", "row");
      Parts.number(html, Figures.number(property.compared()));
      Parts.number(html, Figures.number(property.anomalyCount()));
      html.leaf("td", property.detail(), "class", "detail").close();
    }
    Parts.endTable(html);
    html.close();
  }

  private void files(Html html) {
    html.open("section", "aria-labelledby", "files")
        .leaf("h2", "Files", "id", "files")
        .open("ul", "class", "files");
    for (RunFile file : files) {
      html.open("li").leaf("a", file.name(), "href", address(file.name()));
      html.leaf("span", " " + Figures.bytes(file.bytes()), "class", "aside").close();
    }
    html.close().close();
  }

  private void report(Html html) {
    if (files.stream().noneMatch(file -> file.name().equals(Reports.HTML))) {
      return;
    }
    html.open("section", "aria-labelledby", "report").leaf("h2", "Report", "id", "report");
    html.open("p").leaf("a", "The report alone", "href", address(Reports.HTML)).close();
    html.leaf(
        "iframe",
        "",
        "src",
        address(Reports.HTML),
        "title",
        "Report of the run",
        "sandbox",
        "",
        "loading",
        "lazy",
        "class",
        "report");
    html.close();
  }

  private String address(String file) {
    StringBuilder address = new StringBuilder(Parts.address(run.entry())).append("/files");
    for (String name : file.split("/")) {
      address.append('/').append(Urls.encode(name));
    }
    return address.toString();
  }
}
