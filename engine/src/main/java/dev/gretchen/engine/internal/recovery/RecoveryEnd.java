package dev.gretchen.engine.internal.recovery;

/// Where the recovery of a changelog partition ends.
@FunctionalInterface
public interface RecoveryEnd {

  /// @param logStart first offset of the log
  /// @param logEnd its end, uncommitted records included, asked after the stable fetch of the
  ///   input's offset had returned: so it covers every transaction whose offsets were accepted
  ///   before
  /// @return the position at which the table is complete
  long of(long logStart, long logEnd);

  /// The log's end.
  static RecoveryEnd standard() {
    return (_, logEnd) -> logEnd;
  }
}
