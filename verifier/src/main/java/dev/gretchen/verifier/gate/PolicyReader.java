package dev.gretchen.verifier.gate;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Selection;
import dev.gretchen.verifier.check.Situations;
import dev.gretchen.verifier.gate.Policy.Bounds;
import dev.gretchen.verifier.gate.Policy.Presence;
import dev.gretchen.verifier.gate.Policy.Rank;
import dev.gretchen.verifier.gate.Policy.Reaction;
import dev.gretchen.verifier.gate.Policy.Reactions;
import dev.gretchen.verifier.settings.Settings;
import dev.gretchen.verifier.verdict.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes a policy of what a file says. Without a key, nothing is demanded that the key would
/// demand; what never depends on a key are violations of safety.
final class PolicyReader {

  private static final long MANY = 1_000_000_000_000L;
  private static final int RUNS_MAX = 1_000_000;
  private static final double WORSE_MAX = 100;
  private static final String OTHERS = "others";
  private static final String ALL = "all";

  private PolicyReader() {}

  static Policy policy(Settings root) {
    root.only(
        "schema",
        "name",
        "runs",
        "safety",
        "liveness",
        "platform",
        "recovery",
        "unavailability",
        "service",
        "replay",
        "leaks",
        "coverage",
        "calibration",
        "regression",
        "known");
    if (!root.text("schema").equals(Policy.SCHEMA)) {
      throw root.mistake("schema", Policy.SCHEMA);
    }
    return new Policy(
        root.text("name"),
        amount(root.part("runs")),
        Map.of(
            Section.SAFETY, safety(root.part("safety")),
            Section.LIVENESS, others(root.part("liveness"), Reaction.REFUSE),
            Section.PLATFORM, platform(root.part("platform"))),
        new Policy.Limits(bounds(root.part("recovery")), bounds(root.part("unavailability"))),
        service(root.part("service")),
        coverage(root.part("coverage")),
        assurance(root),
        regression(root.part("regression")),
        root.list("known").stream().map(PolicyReader::known).toList());
  }

  private static Policy.Amount amount(Settings part) {
    part.only("min", "apps", "failure-rate-max", "broken-max");
    return new Policy.Amount(
        part.has("min") ? (int) part.count("min", 1, RUNS_MAX) : 1,
        part.has("apps") ? part.texts("apps") : List.of(),
        part.has("failure-rate-max") ? part.share("failure-rate-max", 1) : 1,
        part.has("broken-max") ? (int) part.count("broken-max", 0, RUNS_MAX) : 0);
  }

  /// There is no key that lets a violation of safety pass, and none that lets a doubt pass.
  private static Reactions safety(Settings part) {
    for (String key : part.keys()) {
      if (!List.of("unknown", "vacuous").contains(key)) {
        throw part.mistake(
            key, "only unknown and vacuous, since safety cannot be waived", "the key " + key);
      }
    }
    List<Reaction> strict = List.of(Reaction.REFUSE, Reaction.RETRIED);
    return new Reactions(
        Reaction.REFUSE,
        reaction(part, "unknown", strict, Reaction.REFUSE),
        reaction(part, "vacuous", strict, Reaction.REFUSE));
  }

  private static Reactions others(Settings part, Reaction fail) {
    part.only("unknown", "vacuous");
    return new Reactions(
        fail,
        reaction(part, "unknown", List.of(Reaction.values()), Reaction.REFUSE),
        reaction(part, "vacuous", List.of(Reaction.values()), Reaction.REFUSE));
  }

  private static Reactions platform(Settings part) {
    part.only("fail", "unknown", "vacuous");
    List<Reaction> either = List.of(Reaction.REFUSE, Reaction.ACCEPT);
    return new Reactions(
        reaction(part, "fail", either, Reaction.REFUSE),
        reaction(part, "unknown", List.of(Reaction.values()), Reaction.REFUSE),
        reaction(part, "vacuous", List.of(Reaction.values()), Reaction.REFUSE));
  }

  private static Reaction reaction(
      Settings part, String key, List<Reaction> allowed, Reaction without) {
    return part.has(key) ? part.word(key, allowed, Reaction::word) : without;
  }

  private static Bounds bounds(Settings part) {
    Map<FaultKind, Map<Rank, Duration>> named = new LinkedHashMap<>();
    Map<Rank, Duration> others = Map.of();
    for (Map.Entry<String, Settings> each : part.parts().entrySet()) {
      if (each.getKey().equals(OTHERS)) {
        others = ranks(each.getValue());
      } else {
        named.put(kind(part, each.getKey()), ranks(each.getValue()));
      }
    }
    return new Bounds(named, others);
  }

  private static FaultKind kind(Settings part, String word) {
    return FaultKind.ofWord(word)
        .orElseThrow(() ->
            part.mistake(
                word,
                "others or a kind of fault, see ./gretchen doctor, such as kill-owner",
                "'" + word + "'"));
  }

  private static Map<Rank, Duration> ranks(Settings part) {
    part.only("p50", "p90", "p99", "max");
    Map<Rank, Duration> ranks = new EnumMap<>(Rank.class);
    for (Rank rank : Rank.values()) {
      if (part.has(rank.word())) {
        ranks.put(rank, part.duration(rank.word()));
      }
    }
    return ranks;
  }

  private static Policy.Service service(Settings part) {
    part.only("availability-min", "latency-p99-max");
    return new Policy.Service(
        part.has("availability-min") ? part.share("availability-min", 1) : 0,
        part.has("latency-p99-max") ? part.duration("latency-p99-max") : Duration.ZERO);
  }

  private static Policy.Coverage coverage(Settings part) {
    part.only("faults", "situations", "events-min", "crashes-min");
    return new Policy.Coverage(
        part.has("faults") ? faults(part) : Set.of(),
        part.has("situations") ? situations(part) : List.of(),
        part.has("events-min") ? part.count("events-min", 0, MANY) : 0,
        part.has("crashes-min") ? part.count("crashes-min", 0, MANY) : 0);
  }

  /// What nobody can do on any machine is not demanded of this one.
  private static Set<FaultKind> faults(Settings part) {
    Set<FaultKind> kinds = new LinkedHashSet<>();
    for (String word : part.texts("faults")) {
      try {
        kinds.addAll(Selection.parse(word).kinds());
      } catch (IllegalArgumentException unknown) {
        throw part.mistake(
            "faults",
            "kill, ownership, network, brokers, services, all, or kinds of faults, see ./gretchen"
                + " doctor",
            "'" + word + "'");
      }
    }
    kinds.removeIf(kind -> kind.need().impediment().isPresent());
    return kinds;
  }

  private static List<String> situations(Settings part) {
    return part.texts("situations").equals(List.of(ALL))
        ? Situations.names()
        : part.words("situations", Situations.names(), name -> name);
  }

  private static Policy.Assurance assurance(Settings root) {
    Settings calibration = root.part("calibration").only("history", "canary");
    return new Policy.Assurance(
        presence(root.part("replay").only("clean-handover"), "clean-handover"),
        presence(root, "leaks"),
        presence(calibration, "history"),
        presence(calibration, "canary"));
  }

  private static Presence presence(Settings part, String key) {
    return part.has(key)
        ? part.word(key, List.of(Presence.values()), Presence::word)
        : Presence.IF_PRESENT;
  }

  private static Policy.Regression regression(Settings part) {
    List<String> keys = new ArrayList<>(List.of("baseline-min", "missing"));
    for (Measure measure : Measure.values()) {
      keys.add(measure.word());
    }
    part.only(keys.toArray(String[]::new));
    Map<Measure, Double> allowed = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      if (part.has(measure.word())) {
        allowed.put(measure, part.share(measure.word(), WORSE_MAX));
      }
    }
    return new Policy.Regression(
        part.has("baseline-min") ? (int) part.count("baseline-min", 1, RUNS_MAX) : 5,
        reaction(part, "missing", List.of(Reaction.REFUSE, Reaction.ACCEPT), Reaction.ACCEPT),
        allowed);
  }

  private static Policy.KnownIssue known(Settings part) {
    part.only("violation", "issue", "expires");
    return new Policy.KnownIssue(part.text("violation"), part.text("issue"), part.date("expires"));
  }
}
