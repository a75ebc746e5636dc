package dev.gretchen.serve.internal.page;

import dev.gretchen.serve.internal.http.Asked;
import dev.gretchen.verifier.record.Choices;
import dev.gretchen.verifier.record.Grouping;
import dev.gretchen.verifier.report.Html;
import dev.gretchen.verifier.report.Words;
import dev.gretchen.verifier.verdict.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The fields by which runs are chosen, as they were filled in. What is chosen stands in the page's
/// address, so that it can be kept and sent.
final class FilterForm {

  private final Html html;
  private final Asked asked;
  private final Choices choices;

  FilterForm(Html html, Asked asked, Choices choices) {
    this.html = html;
    this.asked = asked;
    this.choices = choices;
  }

  /// Writes it.
  ///
  /// @param action address of the page
  /// @param grouped whether it asks, too, what runs are put together by
  void render(String action, boolean grouped) {
    html.open(
        "form",
        "class",
        "filters",
        "method",
        "get",
        "action",
        action,
        "role",
        "search",
        "aria-label",
        "Filters");
    if (grouped) {
      choice(
          "by", "Group by", Arrays.stream(Grouping.values()).map(Words::lower).toList(), "commit");
    }
    choice("app", "App", choices.apps(), "");
    choice("verdict", "Verdict", Arrays.stream(Outcome.values()).map(Enum::name).toList(), "");
    choice("fault", "Fault", choices.faults(), "");
    text("commit", "Commit", "begins with");
    text("seed", "Seed", "");
    text("violation", "Violation", "begins with");
    text("since", "Since", "24h, 7d or a date");
    text("until", "Until", "a date");
    html.open("div", "class", "actions")
        .leaf("button", "Show", "type", "submit")
        .leaf("a", "Show all", "href", action)
        .close();
    html.close();
    html.open("datalist", "id", "commits");
    choices.commits().forEach(commit -> html.leaf("option", "", "value", commit));
    html.close();
  }

  /// @param none what nothing chosen means; empty where it means any
  private void choice(String name, String label, List<String> values, String none) {
    String chosen = asked.all(name).stream().findFirst().orElse(none);
    label(name, label);
    html.open("select", "name", name, "id", "filter-" + name);
    if (none.isEmpty()) {
      html.leaf("option", "any", "value", "");
    }
    for (String value : values) {
      if (value.equalsIgnoreCase(chosen)) {
        html.leaf("option", value, "value", value, "selected", "");
      } else {
        html.leaf("option", value, "value", value);
      }
    }
    html.close().close();
  }

  private void text(String name, String label, String hint) {
    String value = asked.all(name).stream().findFirst().orElse("");
    label(name, label);
    List<String> attributes =
        new ArrayList<>(List.of("name", name, "id", "filter-" + name, "value", value));
    attributes.addAll(List.of("placeholder", hint, "autocomplete", "off"));
    if (name.equals("commit")) {
      attributes.addAll(List.of("list", "commits"));
    }
    html.empty("input", attributes.toArray(String[]::new));
    html.close();
  }

  /// Begins a field.
  private void label(String name, String label) {
    html.open("div", "class", "field").leaf("label", label, "for", "filter-" + name);
  }
}
