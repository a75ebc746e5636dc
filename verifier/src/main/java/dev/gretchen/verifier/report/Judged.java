package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.Status;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Questions that several reports ask a verdict.
final class Judged {

  private Judged() {}

  /// The properties by section, those that need attention first; sections without any are left out.
  static Map<Section, List<Property>> bySection(Verdict verdict) {
    Map<Section, List<Property>> sections = new EnumMap<>(Section.class);
    for (Property property : verdict.properties()) {
      sections.computeIfAbsent(property.section(), _ -> new ArrayList<>()).add(property);
    }
    sections
        .values()
        .forEach(list -> list.sort(Comparator.comparingInt(p -> Words.urgency(p.status()))));
    return sections;
  }

  /// The properties with one status, in the order of the sections.
  static List<Property> with(Verdict verdict, Status status) {
    return bySection(verdict).values().stream()
        .flatMap(List::stream)
        .filter(property -> property.status() == status)
        .toList();
  }

  /// `3 pass, 1 fail`: how many properties have each status.
  static String tally(List<Property> properties) {
    List<String> parts = new ArrayList<>();
    for (Status status : Status.values()) {
      long n = properties.stream().filter(property -> property.status() == status).count();
      if (n > 0) {
        parts.add(n + " " + Words.lower(status));
      }
    }
    return String.join(", ", parts);
  }

  /// `10 injected (6 SIGKILLs), 9 proven, 1 skipped`
  static String faults(Verdict verdict) {
    int injected = verdict.faults().size();
    List<String> parts = new ArrayList<>();
    if (injected == 0) {
      parts.add("none injected");
    } else {
      long kills = kills(verdict);
      long proven = verdict.faults().stream().filter(FaultOutcome::proven).count();
      parts.add(
          injected + " injected" + (kills > 0 ? " (" + Phrases.count(kills, "SIGKILL") + ")" : ""));
      parts.add((proven == injected ? "all" : proven == 0 ? "none" : proven) + " proven");
    }
    if (!verdict.skipped().isEmpty()) {
      parts.add(verdict.skipped().size() + " skipped");
    }
    return String.join(", ", parts);
  }

  /// How many SIGKILLs workers got.
  static long kills(Verdict verdict) {
    return verdict.faults().stream().mapToLong(FaultOutcome::sigkills).sum();
  }

  /// When the load began, in words.
  static String date(Verdict verdict) {
    return verdict.startedAt() > 0 ? Phrases.date(verdict.startedAt()) : "never started";
  }

  static long durationMillis(Verdict verdict) {
    return Math.max(0, verdict.endedAt() - verdict.startedAt());
  }
}
