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
            kinds, codes, letters such as `P`, and the selections `kill`, `ownership`, `network`, `brokers`, `topics`, `services` and `all`. A fault that cannot be done where a run takes place is \
            SKIPPED with the reason; one that had no effect leaves the run VACUOUS.

            A plan takes the kinds in an order that its seed draws, one after the other, each when the one before is healed; what the load has no time for is left out and named. So \
            `--faults all` tries as many as fit: about a dozen in three minutes. What changes the app or its topics for good (`rolling-upgrade`, `rolling-reconfiguration`, \
            `added-partitions`) comes at the end of its round, so that all others meet the app as it was asked for; in a load with time for a second round, they meet it changed. Workers \
            that were added leave before a fault that means all workers.

            **All of them**, each with its effect proven or SKIPPED with its reason, are the campaign `catalogue`: run after run of a handful of kinds, about an hour on two cores. It says in the \
            end what became of each kind, and writes it to `catalogue.md` in its folder; after SIGKILL or a reboot it goes on. See [the soak](soak.md).

                ./gretchen soak --campaign catalogue
                ./gretchen soak --resume runs/soak/latest

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
    scenarios(page);
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

  private static void scenarios(StringBuilder page) {
    page.append(
        """

        ## Scenarios

        What has broken other stream processors, each by its own kinds and with a seed, so that it is the same at every call. The first five must come out exact, each by itself; \
        the others are in the order of how much they have found elsewhere.

        | what happens | command |
        |---|---|
        """);
    for (Scenario scenario : Scenario.values()) {
      page.append("| %s | `%s` |%n".formatted(scenario.sentence(), scenario.command()));
    }
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
