package dev.gretchen.mutants;

import dev.gretchen.engine.Guarantee;
import dev.gretchen.engine.internal.commit.TransactionalWriter;
import dev.gretchen.engine.internal.worker.EngineParts;
import java.util.Arrays;
import java.util.stream.Collectors;

/// The broken engines.
public enum Mutant {
  /// Commits the offsets in a transaction of their own, before the effects: a crash between the two
  /// loses events.
  OFFSETS_FIRST("offsets-first") {
    @Override
    public EngineParts parts(EngineParts shipped) {
      return shipped.withWriter((surroundings, records, failpoints, _, _, settings) ->
          new OffsetsFirstWriter(surroundings, records, failpoints, settings));
    }
  },

  /// Sends outputs outside the transaction although exactly-once was asked for: a crash before the
  /// commit sends them twice.
  OUTPUTS_OUTSIDE("outputs-outside") {
    @Override
    public EngineParts parts(EngineParts shipped) {
      return shipped.withWriter((surroundings, records, failpoints, meters, _, settings) ->
          new TransactionalWriter(
              surroundings, records, failpoints, meters, Guarantee.AT_LEAST_ONCE, settings));
    }
  },

  /// Ends a recovery one record early: the last record and the commit marker behind it are left
  /// out.
  RECOVERY_ONE_SHORT("recovery-one-short") {
    @Override
    public EngineParts parts(EngineParts shipped) {
      return shipped.withRecoveryEnd((logStart, logEnd) -> Math.max(logStart, logEnd - 2));
    }
  },

  /// Not broken: the control, which must pass where the others fail.
  NONE("none") {
    @Override
    public EngineParts parts(EngineParts shipped) {
      return shipped;
    }
  };

  private final String text;

  Mutant(String text) {
    this.text = text;
  }

  /// Its name on a command line.
  public String text() {
    return text;
  }

  /// The broken parts, given the sound ones.
  public abstract EngineParts parts(EngineParts shipped);

  static Mutant parse(String text) {
    return Arrays.stream(values())
        .filter(mutant -> mutant.text.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "--mutant: expected one of "
                    + Arrays.stream(values()).map(Mutant::text).collect(Collectors.joining(", "))
                    + ", found '"
                    + text
                    + "'"));
  }
}
