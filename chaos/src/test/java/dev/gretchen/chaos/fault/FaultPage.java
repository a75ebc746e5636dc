package dev.gretchen.chaos.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Writes `docs/faults.md` from the registry: [FaultKind] and the sentences before its constants.
final class FaultPage {
  static final Path FILE = Path.of("..", "docs", "faults.md");

  private static final Path SOURCE =
      Path.of("src", "main", "java", "dev", "gretchen", "chaos", "fault", "FaultKind.java");
  private static final Pattern CONSTANT =
      Pattern.compile("^  ([A-Z][A-Z_0-9]+)\\($|^  ([A-Z][A-Z_0-9]+)\\(\".*");
  private static final Pattern CODE = Pattern.compile("([A-Z]+)(\\d*)");

  private static final Map<String, String> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("P", "Workers that die or leave");
    GROUPS.put("S", "Processes that stand still");
    GROUPS.put("N", "The network between workers and brokers, and between brokers");
    GROUPS.put("B", "Brokers, and what an administrator does");
    GROUPS.put("G", "Group and ownership");
    GROUPS.put("D", "Disks");
    GROUPS.put("C", "Clocks");
    GROUPS.put("T", "What is in topics");
    GROUPS.put("U", "Upgrades and other settings");
    GROUPS.put("M", "Several at once");
    GROUPS.put("X", "Services that an app calls");
  }

  private FaultPage() {}

  static String render() throws IOException {
    Map<String, String> sentences = sentences();
    StringBuilder page =
        new StringBuilder(
            """
            # Faults

            Generated from the registry, `FaultKind` and `Omission`; a test compares. `./gretchen doctor` says what this machine can do, `./gretchen verify APP --faults LIST` takes \
            kinds, codes and the selections `kill`, `ownership`, `network`, `brokers`, `topics`, `services`, `clients` and `all`. A fault that cannot be done where a run takes place is SKIPPED with the \
            reason; one that had no effect leaves the run VACUOUS.

            *Time* is how long it takes at most, until it is healed, on two busy cores; *kills* how many SIGKILLs workers get.
            """);
    for (String group : GROUPS.keySet()) {
      page.append("\n## ").append(group).append(": ").append(GROUPS.get(group)).append("\n\n");
      page.append(
          "| code | kind | what happens | kills | time | by |\n|---|---|---|---|---|---|\n");
      Arrays.stream(FaultKind.values())
          .filter(kind -> letters(kind).equals(group))
          .sorted(Comparator.comparingInt(FaultPage::number))
          .forEach(kind -> page.append(row(kind, sentences.getOrDefault(kind.name(), ""))));
    }
    page.append(
        """

        ## In the catalogue, and SKIPPED wherever they are asked for

        | code | kind | why |
        |---|---|---|
        """);
    Arrays.stream(Omission.values())
        .forEach(omission ->
            page.append(
                String.format(
                    Locale.ROOT,
                    "| %s | `%s` | %s |%n",
                    omission.id(),
                    omission.word(),
                    omission.reason())));
    return page.toString();
  }

  private static String row(FaultKind kind, String sentence) {
    String means =
        kind.need().impediment().map(why -> "SKIPPED: " + why).orElse(kind.need().means());
    return String.format(
        Locale.ROOT,
        "| %s | `%s` | %s | %d | %.1f s | %s |%n",
        kind.id(),
        kind.word(),
        sentence,
        kind.sigkills(),
        kind.budget().toMillis() / 1000.0,
        means);
  }

  /// The comment before each constant; one without a comment of its own shares the last.
  private static Map<String, String> sentences() throws IOException {
    Map<String, String> sentences = new LinkedHashMap<>();
    List<String> comment = new ArrayList<>();
    String last = "";
    for (String line : Files.readAllLines(SOURCE)) {
      Matcher constant = CONSTANT.matcher(line);
      if (line.strip().startsWith("///")) {
        comment.add(line.strip().substring(3).strip());
      } else if (constant.matches()) {
        last = comment.isEmpty() ? last : String.join(" ", comment);
        String name = constant.group(1) == null ? constant.group(2) : constant.group(1);
        sentences.put(name, last.replaceAll("\\[#([A-Z_]+)]", "$1"));
        comment.clear();
      } else if (!line.startsWith("      ")) {
        comment.clear();
      }
    }
    return sentences;
  }

  static String letters(FaultKind kind) {
    return code(kind).group(1);
  }

  /// Zero where all kinds of a letter share it.
  private static int number(FaultKind kind) {
    String digits = code(kind).group(2);
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  private static Matcher code(FaultKind kind) {
    Matcher code = CODE.matcher(kind.id());
    if (!code.matches()) {
      throw new IllegalStateException("Not a code of the catalogue: " + kind.id());
    }
    return code;
  }
}
