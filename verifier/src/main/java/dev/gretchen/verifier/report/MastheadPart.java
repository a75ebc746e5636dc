package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.List;

/// The top of the page: the verdict in one sentence, and the key facts.
final class MastheadPart {

  private MastheadPart() {}

  static void render(Html html, Verdict verdict) {
    Tone tone = Tone.of(verdict.verdict());
    html.open("header", "class", "masthead " + tone.cssClass()).open("div", "class", "inner");
    html.open("p", "class", "kicker");
    tone.chip(html, Words.of(verdict.verdict()));
    html.text("Gretchen on ").leaf("b", verdict.app());
    html.leaf("span", tally(verdict), "class", "tally").close();
    html.leaf("h1", verdict.sentence());
    html.close().close();
  }

  private static String tally(Verdict verdict) {
    List<Property> properties = verdict.properties();
    return properties.isEmpty() ? "no property judged" : "properties: " + Judged.tally(properties);
  }

  static void facts(Html html, Verdict verdict) {
    html.open("dl", "class", "facts", "aria-label", "Key facts");
    fact(html, "App", verdict.app());
    fact(html, "Guarantee", verdict.guarantee());
    fact(html, "Judged as", verdict.judgedAs());
    fact(html, "Seed", Long.toString(verdict.seed()));
    fact(html, "Events", Phrases.number(verdict.events()));
    fact(html, "Duration", Phrases.duration(Judged.durationMillis(verdict)));
    fact(html, "Faults", Judged.faults(verdict));
    fact(html, "Date", Judged.date(verdict));
    html.close();
  }

  private static void fact(Html html, String name, String value) {
    html.open("div").leaf("dt", name).leaf("dd", value).close();
  }
}
