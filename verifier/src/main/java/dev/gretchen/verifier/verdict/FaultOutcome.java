package dev.gretchen.verifier.verdict;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What became of one injected fault.
///
/// @param id the catalogue's code, such as `P1`
/// @param kind a word, such as `kill-owner`
/// @param target what was hit, resolved: a worker, a broker
/// @param at epoch milliseconds when it took effect
/// @param healedAt epoch milliseconds when it was healed, 0 where it was not
/// @param proven whether its effect was observed
/// @param sigkills how many SIGKILLs workers got
/// @param proof the observation, or what was missing
/// @param phases milliseconds after `at`, by name (`detected`, `fenced`, `reassigned`, `recovered`,
///   `firstOutput`, `caughtUp`); the longest of its workers' where they were hit one after the
///   other, each from its own turn; absent where one does not apply
/// @param silence longest silence in milliseconds: `owned` of what the victim held, `others` of all
///   else, `usual` without a fault; absent where there was none to measure
public record FaultOutcome(
    String id,
    String kind,
    String target,
    long at,
    long healedAt,
    boolean proven,
    int sigkills,
    String proof,
    Map<String, Long> phases,
    Map<String, Long> silence) {

  @SuppressWarnings("ConstantValue") // null where the verdict was written before there was silence
  public FaultOutcome {
    phases = sorted(phases);
    silence = silence == null ? Map.of() : sorted(silence);
  }

  private static Map<String, Long> sorted(Map<String, Long> map) {
    SortedMap<String, Long> sorted = new TreeMap<>(map);
    return Collections.unmodifiableSortedMap(sorted);
  }
}
