package dev.gretchen.verifier.soak;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Selection;
import dev.gretchen.chaos.fault.Skipped;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.settings.Settings;
import dev.gretchen.verifier.soak.Campaign.AppDraw;
import dev.gretchen.verifier.soak.Campaign.Catalogue;
import dev.gretchen.verifier.soak.Campaign.Mixes;
import dev.gretchen.verifier.soak.Campaign.Option;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes a campaign of what a file says.
final class CampaignReader {

  private static final Duration CONTROL = Duration.ofSeconds(30);
  private static final int ROUND = 20;
  private static final int RUNS_MAX = 1_000_000;
  private static final int DISK_MAX_GB = 1_000_000;
  private static final int DISK_GB = 20;
  private static final long GB = 1_000_000_000L;
  private static final int MIX_MOST = 4;
  private static final int CATALOGUE_MOST = 6;
  private static final int KINDS_MOST = 100;
  private static final String CATALOGUE = "catalogue";
  private static final String LENGTH = "for";

  /// Options with whole numbers, and the most that each may be.
  private static final Map<String, Long> NUMBERS =
      Map.of("rate", 1_000_000L, "workers", 64L, "brokers", 9L, "partitions", 1_000L);

  private static final List<String> OPTIONS =
      List.of(
          LENGTH,
          "rate",
          "workers",
          "brokers",
          "partitions",
          "standbys",
          "commit-interval",
          "guarantee",
          "palette",
          "skew",
          "services");

  private CampaignReader() {}

  static Campaign campaign(Settings root) {
    root.only("schema", "name", "round", "runs", "disk-gb", "canaries", "control", "apps");
    if (!root.text("schema").equals(Campaign.SCHEMA)) {
      throw root.mistake("schema", Campaign.SCHEMA);
    }
    List<AppDraw> apps = new ArrayList<>();
    root.part("apps").parts().forEach((app, part) -> apps.add(app(app, part)));
    if (apps.isEmpty()) {
      throw root.mistake("apps", "a mapping with at least one app");
    }
    requireOneSort(root, apps);
    Settings control = root.part("control").only(LENGTH);
    return new Campaign(
        root.text("name"),
        root.has("round") ? (int) root.count("round", 3, RUNS_MAX) : ROUND,
        root.has("runs") ? (int) root.count("runs", 1, RUNS_MAX) : 0,
        (root.has("disk-gb") ? root.count("disk-gb", 1, DISK_MAX_GB) : DISK_GB) * GB,
        root.has("canaries") ? root.texts("canaries") : List.of(),
        control.has(LENGTH) ? control.duration(LENGTH) : CONTROL,
        apps);
  }

  private static AppDraw app(String name, Settings part) {
    List<String> keys = new ArrayList<>(OPTIONS);
    keys.add("templates");
    keys.add("mixes");
    keys.add(CATALOGUE);
    part.only(keys.toArray(String[]::new));
    List<Option> options = new ArrayList<>();
    for (String key : OPTIONS) {
      if (part.has(key)) {
        options.add(option(part, key));
      }
    }
    if (part.has(CATALOGUE)) {
      for (String other : List.of("templates", "mixes", LENGTH)) {
        if (part.has(other)) {
          throw part.mistake(
              other, "none beside a catalogue, which has its own faults and lengths");
        }
      }
      return new AppDraw(
          name,
          options,
          List.of(),
          new Mixes(List.of(), MIX_MOST),
          catalogue(part.part(CATALOGUE)));
    }
    List<String> templates = part.has("templates") ? templates(part) : List.of();
    Mixes mixes = mixes(part.part("mixes"));
    if (templates.isEmpty() && mixes.kinds().isEmpty()) {
      throw part.mistake("templates", "faults to try, here or in mixes");
    }
    if (!part.has(LENGTH)) {
      throw part.mistake(LENGTH, "lengths of the load, such as [60s, 120s]");
    }
    return new AppDraw(name, options, templates, mixes, Catalogue.NONE);
  }

  private static Option option(Settings part, String key) {
    List<String> values = part.texts(key);
    if (values.isEmpty()) {
      throw part.mistake(key, "at least one value");
    }
    switch (key) {
      case LENGTH, "commit-interval" -> part.durations(key);
      case "guarantee" -> part.words(key, List.of(Guarantee.values()), Guarantee::word);
      case "palette", "services" -> {}
      case "skew" -> values.forEach(value -> number(part, key, value, "[0-9](\\.[0-9]{1,3})?", 10));
      case "standbys" -> values.forEach(value -> number(part, key, value, "[0-9]{1,2}", 10));
      default ->
          values.forEach(
              value -> number(part, key, value, "[1-9][0-9]{0,6}", NUMBERS.getOrDefault(key, 1L)));
    }
    return new Option(key, values);
  }

  private static void number(Settings part, String key, String value, String form, long most) {
    if (!value.matches(form) || Double.parseDouble(value) > most) {
      throw part.mistake(key, "numbers up to " + most, "'" + value + "'");
    }
  }

  private static List<String> templates(Settings part) {
    List<String> templates = part.texts("templates");
    templates.forEach(template -> kinds(part, "templates", template));
    return templates;
  }

  private static Mixes mixes(Settings part) {
    part.only("faults", "most");
    Set<FaultKind> kinds = new LinkedHashSet<>();
    if (part.has("faults")) {
      part.texts("faults").forEach(text -> kinds.addAll(kinds(part, "faults", text)));
    }
    kinds.removeIf(kind -> kind.need().impediment().isPresent());
    return new Mixes(
        List.copyOf(kinds), part.has("most") ? (int) part.count("most", 1, 100) : MIX_MOST);
  }

  private static Catalogue catalogue(Settings part) {
    part.only("faults", "most");
    Set<FaultKind> kinds = new LinkedHashSet<>();
    List<Skipped> skipped = new ArrayList<>();
    for (String text : part.texts("faults")) {
      Selection selection = selection(part, "faults", text);
      kinds.addAll(selection.kinds());
      selection
          .omissions()
          .forEach(each -> skipped.add(new Skipped(each.id(), each.word(), each.reason())));
    }
    for (FaultKind kind : kinds) {
      kind.need().impediment().ifPresent(why -> skipped.add(Skipped.of(kind, why)));
    }
    kinds.removeIf(kind -> kind.need().impediment().isPresent());
    if (kinds.isEmpty()) {
      throw part.mistake("faults", "at least one fault that can be done somewhere");
    }
    int most = part.has("most") ? (int) part.count("most", 1, KINDS_MOST) : CATALOGUE_MOST;
    return new Catalogue(List.copyOf(kinds), skipped, most);
  }

  /// A campaign either comes to its end by a catalogue or has none, and a kind is tried on one app.
  private static void requireOneSort(Settings root, List<AppDraw> apps) {
    long with = apps.stream().filter(app -> !app.catalogue().kinds().isEmpty()).count();
    if (with != 0 && with != apps.size()) {
      throw root.mistake("apps", "a catalogue for each of them, or for none");
    }
    Set<FaultKind> seen = new LinkedHashSet<>();
    for (AppDraw app : apps) {
      for (FaultKind kind : app.catalogue().kinds()) {
        if (!seen.add(kind)) {
          throw root.mistake("apps", "each fault in one catalogue", kind.word() + " in several");
        }
      }
    }
  }

  private static Set<FaultKind> kinds(Settings part, String key, String text) {
    return selection(part, key, text).kinds();
  }

  private static Selection selection(Settings part, String key, String text) {
    try {
      return Selection.parse(text);
    } catch (IllegalArgumentException _) {
      throw part.mistake(
          key,
          "kill, ownership, network, brokers, services, all, or kinds of faults, see ./gretchen doctor",
          "'" + text + "'");
    }
  }
}
