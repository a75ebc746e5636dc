package dev.gretchen.verifier.record;

import dev.gretchen.verifier.verdict.Outcome;
import org.jspecify.annotations.Nullable;

/// One run, as the record lists it.
///
/// @param path of its directory, relative to the folder of all runs, with `/` between names
/// @param app the app's name
/// @param seed the origin of all chance
/// @param outcome of its verdict; null where it has none yet, or none that can be read
/// @param sentence the verdict in one sentence, or why there is none
/// @param guarantee what the app was judged by
/// @param startedAt epoch milliseconds of the first load event, 0 where it had none
/// @param endedAt epoch milliseconds of the last observation, 0 where it is not known
/// @param events how many load events the committed input log holds
/// @param faults how many faults had a proven effect
/// @param sigkills how many SIGKILLs workers got
/// @param availability share of the seconds in which the least available stream was up, between 0
///   and 1; -1 where it was not measured
/// @param p99Millis of the slowest stream's latency over the whole run; -1 where it was not
///   measured
/// @param commit of the app, see [dev.gretchen.verifier.judge.RunFacts]; empty where it is not
///   known
/// @param figures what else was measured
public record RunEntry(
    String path,
    String app,
    long seed,
    @Nullable Outcome outcome,
    String sentence,
    String guarantee,
    long startedAt,
    long endedAt,
    long events,
    int faults,
    int sigkills,
    double availability,
    long p99Millis,
    String commit,
    RunFigures figures) {

  /// Where something was not measured.
  public static final int NOT_MEASURED = -1;

  /// Names it where a path will not do, as in an address: its path with `~` between names.
  public String id() {
    return path.replace('/', '~');
  }
}
