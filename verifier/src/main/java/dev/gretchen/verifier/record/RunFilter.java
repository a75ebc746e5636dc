package dev.gretchen.verifier.record;

import dev.gretchen.verifier.verdict.Outcome;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which runs are meant.
///
/// @param app of this app, or null for any
/// @param outcomes that ended so; empty for any, those without a verdict among them
/// @param faultKind with a proven fault of this kind, or null for any
/// @param violation with a violation whose fingerprint begins so, or null for any
/// @param seed of this seed, or null for any
/// @param commit of an app at a commit whose name begins so, or null for any
/// @param since that began at this moment or later, epoch milliseconds; 0 for any
/// @param until that began before this moment, epoch milliseconds; 0 for any
public record RunFilter(
    @Nullable String app,
    Set<Outcome> outcomes,
    @Nullable String faultKind,
    @Nullable String violation,
    @Nullable Long seed,
    @Nullable String commit,
    long since,
    long until) {

  /// All runs.
  public static final RunFilter ALL = new RunFilter(null, Set.of(), null, null, null, null, 0, 0);

  public RunFilter {
    outcomes =
        outcomes.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(outcomes));
  }

  /// The same, of an app.
  public RunFilter ofApp(@Nullable String name) {
    return new RunFilter(name, outcomes, faultKind, violation, seed, commit, since, until);
  }

  /// The same, that ended so.
  public RunFilter endedAs(Set<Outcome> some) {
    return new RunFilter(app, some, faultKind, violation, seed, commit, since, until);
  }

  /// The same, with a proven fault of a kind.
  public RunFilter withFault(@Nullable String kind) {
    return new RunFilter(app, outcomes, kind, violation, seed, commit, since, until);
  }

  /// The same, with a violation.
  public RunFilter withViolation(@Nullable String fingerprint) {
    return new RunFilter(app, outcomes, faultKind, fingerprint, seed, commit, since, until);
  }

  /// The same, of a seed.
  public RunFilter ofSeed(@Nullable Long one) {
    return new RunFilter(app, outcomes, faultKind, violation, one, commit, since, until);
  }

  /// The same, at a commit.
  public RunFilter atCommit(@Nullable String name) {
    return new RunFilter(app, outcomes, faultKind, violation, seed, name, since, until);
  }

  /// The same, that began at a moment or later.
  public RunFilter since(long epochMillis) {
    return new RunFilter(app, outcomes, faultKind, violation, seed, commit, epochMillis, until);
  }

  /// The same, that began before a moment.
  public RunFilter until(long epochMillis) {
    return new RunFilter(app, outcomes, faultKind, violation, seed, commit, since, epochMillis);
  }
}
