package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.List;

/// The table of properties by section, with how much each compared.
final class PropertyPart {

  private PropertyPart() {}

  static void render(Html html, Verdict verdict) {
    html.open("section", "aria-labelledby", "properties")
        .leaf("h2", "Properties", "id", "properties");
    if (verdict.properties().isEmpty()) {
      html.leaf("p", "No property was judged.", "class", "nothing");
    } else {
      html.open("table", "class", "properties").open("thead").open("tr");
      html.leaf("th", "status", "scope", "col").leaf("th", "property", "scope", "col");
      html.leaf("th", "compared", "scope", "col", "class", "num").close().close();
      Judged.bySection(verdict).forEach((section, list) -> section(html, section, list));
      html.close();
    }
    html.close();
  }

  private static void section(Html html, Section section, List<Property> properties) {
    html.open("tbody").open("tr");
    html.open("th", "colspan", "3", "scope", "rowgroup", "class", "section");
    html.text(Words.title(section) + " ");
    html.leaf("span", Words.meaning(section) + " · " + Judged.tally(properties), "class", "aside");
    html.close().close();
    properties.forEach(property -> row(html, property));
    html.close();
  }

  private static void row(Html html, Property property) {
    html.open("tr").open("td");
    Tone.of(property.status()).chip(html, property.status().name());
    html.close().open("td").leaf("code", property.name());
    html.leaf("div", property.detail(), "class", "detail").close();
    html.open("td", "class", "num").text(Phrases.number(property.compared()));
    if (property.anomalyCount() > 0) {
      html.leaf("div", Phrases.count(property.anomalyCount(), "anomaly"), "class", "anomalies");
    }
    html.close().close();
  }
}
