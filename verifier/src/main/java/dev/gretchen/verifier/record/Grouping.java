package dev.gretchen.verifier.record;

import java.time.Instant;
import java.time.ZoneOffset;

/// What runs are put together by, to be followed.
public enum Grouping {
  /// Each run by itself.
  RUN {
    @Override
    String of(RunEntry run) {
      return run.path();
    }
  },
  /// All runs of one commit of the app; those of which it is not known are one group.
  COMMIT {
    @Override
    String of(RunEntry run) {
      return run.commit().isEmpty() ? UNKNOWN : run.commit();
    }
  },
  /// All runs that began on one day, UTC.
  DAY {
    @Override
    String of(RunEntry run) {
      return Instant.ofEpochMilli(run.startedAt()).atZone(ZoneOffset.UTC).toLocalDate().toString();
    }
  };

  /// The commit of runs of which none is known.
  public static final String UNKNOWN = "unknown";

  abstract String of(RunEntry run);
}
