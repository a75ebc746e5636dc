package dev.gretchen.verifier.gate;

import dev.gretchen.verifier.judge.RunFacts;
import dev.gretchen.verifier.record.RecordedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What a run was asked to be. Runs that were asked the same, but for their seeds, can be compared.
///
/// @param app its name
/// @param judgedAs the guarantee that it was judged by
/// @param rate events a second
/// @param lengthMillis of the load
/// @param partitions of the input
/// @param options of its command line, but for where it was to lie and how much it was to say
record Asked(
    String app,
    String judgedAs,
    double rate,
    long lengthMillis,
    int partitions,
    List<String> options) {

  /// Options that change nothing about what is measured; a value follows each.
  private static final Set<String> WITH_VALUE = Set.of("--runs", "--seed");

  private static final String QUIET = "--quiet";

  static Asked of(RecordedRun run) {
    RunFacts facts = run.facts();
    return new Asked(
        facts.app(),
        facts.judgeAs(),
        facts.rate(),
        facts.lengthMillis(),
        facts.partitions(),
        options(facts.command()));
  }

  private static List<String> options(List<String> command) {
    List<String> options = new ArrayList<>();
    for (int i = 0; i < command.size(); i++) {
      String word = command.get(i);
      if (WITH_VALUE.contains(word)) {
        i++;
      } else if (!word.equals(QUIET)
          && WITH_VALUE.stream().noneMatch(option -> word.startsWith(option + "="))) {
        options.add(word);
      }
    }
    return List.copyOf(options);
  }
}
