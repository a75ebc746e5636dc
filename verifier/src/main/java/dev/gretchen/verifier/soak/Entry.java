package dev.gretchen.verifier.soak;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.gretchen.verifier.verdict.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A line of the journal.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Entry.Begun.class, name = "begun"),
  @JsonSubTypes.Type(value = Entry.Resumed.class, name = "resumed"),
  @JsonSubTypes.Type(value = Entry.Started.class, name = "started"),
  @JsonSubTypes.Type(value = Entry.Ended.class, name = "ended")
})
public sealed interface Entry {

  /// Epoch milliseconds at which it was written.
  long at();

  /// The soak has begun; the first line.
  ///
  /// @param schema `gretchen.soak/1`
  /// @param seed of the soak
  /// @param forMillis how long its runs may take together, 0 for no limit
  record Begun(String schema, long seed, long forMillis, long at) implements Entry {

    /// The schema written by this version.
    static final String SCHEMA = "gretchen.soak/1";
  }

  /// It goes on after an interruption, or after it had given up.
  record Resumed(long at) implements Entry {}

  /// A run has begun.
  ///
  /// @param run its number
  /// @param attempt from 1; a run that decided nothing is tried twice
  record Started(int run, int attempt, long at) implements Entry {}

  /// A run has ended.
  ///
  /// @param outcome of its verdict; [Outcome#HARNESS_ERROR] where it has none
  /// @param good whether it ended as it should: a canary is to be caught, any other run to pass
  /// @param directory of the run, below the soak's; empty where it has none
  /// @param sentence of its verdict, or why there is none
  /// @param tried what became of each kind of a catalogue that it was made for; none of other runs
  record Ended(
      int run,
      int attempt,
      Outcome outcome,
      boolean good,
      String directory,
      String sentence,
      long at,
      List<Tried> tried)
      implements Entry {

    /// What became of one kind of fault.
    ///
    /// @param kind its word
    /// @param injected how often it was begun
    /// @param proven how often it was seen to have its effect
    /// @param skipped why it cannot be done there, null where it can
    public record Tried(String kind, int injected, int proven, @Nullable String skipped) {}

    @SuppressWarnings("ConstantValue") // null where it was written before there were catalogues
    public Ended {
      tried = tried == null ? List.of() : List.copyOf(tried);
    }

    /// The end of a run that was not made for a catalogue.
    Ended(
        int run,
        int attempt,
        Outcome outcome,
        boolean good,
        String directory,
        String sentence,
        long at) {
      this(run, attempt, outcome, good, directory, sentence, at, List.of());
    }

    /// Whether it says something of whoever was tried.
    boolean isDecided() {
      return outcome == Outcome.PASS || outcome == Outcome.FAIL;
    }
  }
}
