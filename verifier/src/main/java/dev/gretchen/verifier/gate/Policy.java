package dev.gretchen.verifier.gate;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.verifier.settings.Settings;
import dev.gretchen.verifier.verdict.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a gate demands before it lets something pass. The keys are explained in `docs/gate.md`.
///
/// @param name of the policy, as reports show it
/// @param amount how much there must be to decide on
/// @param reactions what to do where a property did not pass, by section
/// @param limits what a fault may cost
/// @param service what users may meet
/// @param coverage what the runs must have tried
/// @param assurance what must be known of the judge, and of what it can see
/// @param regression what may have become worse
/// @param known violations of liveness that are known
public record Policy(
    String name,
    Amount amount,
    Map<Section, Reactions> reactions,
    Limits limits,
    Service service,
    Coverage coverage,
    Assurance assurance,
    Regression regression,
    List<KnownIssue> known) {

  /// The schema that this version reads.
  public static final String SCHEMA = "gretchen.policy/1";

  public Policy {
    reactions = Collections.unmodifiableMap(new EnumMap<>(reactions));
    known = List.copyOf(known);
  }

  /// Reads a policy.
  ///
  /// @throws dev.gretchen.verifier.settings.SettingsException where it says something that is not
  ///   allowed
  public static Policy read(Path file) {
    return PolicyReader.policy(Settings.read(file));
  }

  /// Reads a policy from a text.
  ///
  /// @param file how mistakes name it
  public static Policy parse(String file, String yaml) {
    return PolicyReader.policy(Settings.parse(file, yaml));
  }

  /// What it does where a property of a section did not pass.
  Reactions reactionsTo(Section section) {
    Reactions found = reactions.get(section);
    if (found == null) {
      throw new IllegalStateException("the policy " + name + " says nothing of " + section);
    }
    return found;
  }

  /// How many runs it takes.
  ///
  /// @param runsMin that were decided, at least
  /// @param apps each must have a decided run
  /// @param failureRateMax what the share of such runs that fail must be bounded by, 1 for any
  /// @param brokenMax runs that say nothing because the harness or its machine failed, at most
  public record Amount(int runsMin, List<String> apps, double failureRateMax, int brokenMax) {
    public Amount {
      apps = List.copyOf(apps);
    }
  }

  /// What becomes of a property that did not pass.
  public enum Reaction {
    REFUSE("refuse"),
    /// It is refused unless another run of the same app and seed decided that property.
    RETRIED("retried"),
    ACCEPT("accept");

    private final String word;

    Reaction(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /// By how the property ended.
  public record Reactions(Reaction fail, Reaction unknown, Reaction vacuous) {}

  /// Which of the values that were measured a limit is for.
  public enum Rank {
    P50("p50"),
    P90("p90"),
    P99("p99"),
    MAX("max");

    private final String word;

    Rank(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /// What a fault may cost, by its kind.
  ///
  /// @param recovery from the fault to the first output of what its victim held
  /// @param unavailability the longest silence of what its victim held, beyond the usual one
  public record Limits(Bounds recovery, Bounds unavailability) {}

  /// Limits of one measure.
  ///
  /// @param named by kind of fault, which must have been measured
  /// @param others for every other kind that was measured
  public record Bounds(Map<FaultKind, Map<Rank, Duration>> named, Map<Rank, Duration> others) {
    public Bounds {
      named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
      others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    }

    boolean isEmpty() {
      return named.isEmpty() && others.isEmpty();
    }
  }

  /// What each run must keep, faults included.
  ///
  /// @param availabilityMin share of the seconds in which the least available stream was up, 0 for
  ///   any
  /// @param latencyP99Max of the slowest stream; [Duration#ZERO] for any
  public record Service(double availabilityMin, Duration latencyP99Max) {}

  /// What the runs together must have tried.
  ///
  /// @param faults kinds that must have had a proven effect
  /// @param situations that must have been met
  /// @param eventsMin events in all, at least
  /// @param crashesMin SIGKILLs to workers in all, at least
  public record Coverage(
      Set<FaultKind> faults, List<String> situations, long eventsMin, long crashesMin) {
    public Coverage {
      faults = Collections.unmodifiableSet(new LinkedHashSet<>(faults));
      situations = List.copyOf(situations);
    }
  }

  /// Whether something must be there.
  public enum Presence {
    REQUIRED("required"),
    IF_PRESENT("if-present");

    private final String word;

    Presence(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /// What must be known beside the verdicts.
  ///
  /// @param cleanHandover whether a restart in order must have been seen to replay nothing
  /// @param leaks whether leaks must have been judged
  /// @param calibration whether this very judge must have convicted every falsified history
  /// @param canary whether an engine that is broken on purpose must have been caught
  public record Assurance(
      Presence cleanHandover, Presence leaks, Presence calibration, Presence canary) {}

  /// What may have become worse since the baseline.
  ///
  /// @param baselineMin fewer comparable runs than that are no baseline
  /// @param missing what to do without a baseline
  /// @param allowed by measure, the relative change for the worse that is let pass
  public record Regression(int baselineMin, Reaction missing, Map<Measure, Double> allowed) {
    public Regression {
      allowed = Collections.unmodifiableMap(new LinkedHashMap<>(allowed));
    }
  }

  /// A violation of liveness that is known and let pass until a day.
  ///
  /// @param violation how its fingerprint begins, see `./gretchen runs --show violations`
  /// @param issue where it is worked on
  /// @param expires the last day on which it is let pass
  public record KnownIssue(String violation, String issue, LocalDate expires) {}
}
