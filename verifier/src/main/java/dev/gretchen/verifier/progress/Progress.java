package dev.gretchen.verifier.progress;

import java.util.List;

/// How far a run or a soak has come.
///
/// @param at epoch milliseconds at which it was told
/// @param share how much of its load or its time is done, between 0 and 1
/// @param state half a line for a person: how it stands now
/// @param said what happened, the latest last, no more than the last few lines
public record Progress(long at, double share, String state, List<String> said) {

  /// Nothing is heard of a run for so long while it judges a long history; after more, whoever
  /// wrote it is taken for gone.
  public static final long SILENCE_MAX_MILLIS = 120_000;

  public Progress {
    said = List.copyOf(said);
  }

  /// Whether whoever told it still seems to go on.
  ///
  /// @param now epoch milliseconds
  public boolean goesOn(long now) {
    return now - at <= SILENCE_MAX_MILLIS;
  }
}
