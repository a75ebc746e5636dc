package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.List;

/// Is it up, and how late: what users ask first. The headline has a line for each stream, the rest
/// each stretch and partition.
final class ServicePart {

  private ServicePart() {}

  /// For the first screen.
  static void headline(Html html, Verdict verdict) {
    List<ServiceLevel> levels = Service.headlines(verdict);
    if (levels.isEmpty()) {
      return;
    }
    html.open("section", "aria-labelledby", "up", "class", "service")
        .leaf("h2", "Is it up, and how late?", "id", "up");
    scroll(html, "up");
    head(html, List.of("stream"), List.of("up", "during faults", "silent for at most"));
    for (ServiceLevel level : levels) {
      html.open("tr").leaf("th", level.topic(), "scope", "row");
      number(html, Service.up(level));
      number(html, Service.over(verdict, level, "during").map(Service::up).orElse(""));
      number(html, Phrases.duration(level.longestSilenceMillis()));
      lateness(html, level);
      html.close();
    }
    html.close().close().close();
    html.leaf("p", Service.MEANING, "class", "lede").close();
  }

  /// Every stream by stretch, and every partition of it folded away.
  static void render(Html html, Verdict verdict) {
    List<ServiceLevel> levels = Service.streams(verdict);
    if (levels.isEmpty()) {
      return;
    }
    html.open("section", "aria-labelledby", "service", "class", "service")
        .leaf("h2", "Service by stream and stretch", "id", "service");
    table(html, levels);
    html.open("details").leaf("summary", "By partition");
    table(
        html,
        verdict.service().stream().filter(level -> level.partition() != ServiceLevel.ALL).toList());
    html.close().close();
  }

  private static void table(Html html, List<ServiceLevel> levels) {
    scroll(html, "service");
    head(
        html,
        List.of("stream", "partition", "faults"),
        List.of("events", "without output", "up", "silent for at most"));
    for (ServiceLevel level : levels) {
      html.open("tr").leaf("th", level.topic(), "scope", "row");
      html.leaf("td", Service.partition(level)).leaf("td", Service.stretch(level));
      number(html, Phrases.number(level.events()));
      number(html, Phrases.number(level.missing()));
      number(html, Service.up(level));
      number(html, Phrases.duration(level.longestSilenceMillis()));
      lateness(html, level);
      html.close();
    }
    html.close().close().close();
  }

  private static void scroll(Html html, String label) {
    html.open(
        "div", "class", "scroll", "tabindex", "0", "role", "region", "aria-labelledby", label);
  }

  private static void head(Html html, List<String> words, List<String> numbers) {
    html.open("table").open("thead").open("tr");
    words.forEach(word -> html.leaf("th", word, "scope", "col"));
    numbers.forEach(word -> html.leaf("th", word, "scope", "col", "class", "num"));
    for (String word : List.of("on time", "p50", "p99", "p99.9", "max")) {
      html.leaf("th", word, "scope", "col", "class", "num");
    }
    html.close().close().open("tbody");
  }

  private static void lateness(Html html, ServiceLevel level) {
    number(html, Service.onTime(level));
    boolean measured = level.events() > 0;
    for (long millis :
        new long[] {level.p50Millis(), level.p99Millis(), level.p999Millis(), level.maxMillis()}) {
      number(html, measured ? Phrases.duration(millis) : "");
    }
  }

  private static void number(Html html, String text) {
    html.leaf("td", text, "class", "num");
  }
}
