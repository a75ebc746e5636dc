package dev.gretchen.verifier.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Writes Markdown in the dialect of GitHub and GitLab from text that may hold anything.
final class Markdown {

  private static final Pattern SPECIAL = Pattern.compile("[\\\\`*_{}\\[\\]#~|!$]");
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9:._/@=-]+");
  private static final Pattern BACKTICKS = Pattern.compile("`+");

  private final StringBuilder out = new StringBuilder();

  Markdown heading(int level, String text) {
    out.append("#".repeat(level)).append(' ').append(escaped(text)).append("\n\n");
    return this;
  }

  /// A paragraph of Markdown that is already safe.
  Markdown paragraph(String markdown) {
    out.append(markdown).append("\n\n");
    return this;
  }

  Markdown bullets(List<String> markdown) {
    markdown.forEach(item -> out.append("- ").append(item).append('\n'));
    out.append('\n');
    return this;
  }

  /// A table whose cells are already safe.
  ///
  /// @param rule the line below the heads, such as `|---|--:|`
  Markdown table(List<String> heads, String rule, List<List<String>> rows) {
    row(heads);
    out.append(rule).append('\n');
    rows.forEach(this::row);
    out.append('\n');
    return this;
  }

  /// A block of code, fenced longer than any run of back-ticks in it.
  Markdown fenced(String language, String code) {
    String text = PlainText.of(code);
    int longest =
        BACKTICKS
            .matcher(text)
            .results()
            .mapToInt(run -> run.group().length())
            .reduce(2, Math::max);
    String fence = "`".repeat(longest + 1);
    out.append(fence).append(language).append('\n').append(text).append('\n');
    out.append(fence).append("\n\n");
    return this;
  }

  /// Text that reads as itself: on one line, with everything escaped that Markdown or HTML would
  /// take for markup.
  static String escaped(String text) {
    String line =
        PlainText.line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return SPECIAL.matcher(line).replaceAll("\\\\$0");
  }

  /// A name as code where it is a plain one, else escaped.
  static String code(String name) {
    return CODE.matcher(name).matches() ? "`" + name + "`" : escaped(name);
  }

  String text() {
    return out.toString();
  }

  private void row(List<String> cells) {
    List<String> filled = new ArrayList<>();
    cells.forEach(cell -> filled.add(cell.isEmpty() ? " " : cell));
    out.append("| ").append(String.join(" | ", filled)).append(" |\n");
  }
}
