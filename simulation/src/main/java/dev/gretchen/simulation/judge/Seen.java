package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.truth.LogRecord;
import org.jspecify.annotations.Nullable;

/// A committed record with what its headers say.
///
/// @param transaction names the transaction that it belongs to, [#NO_TRANSACTION] without one
/// @param lineage null where it tells none that can be read
record Seen(LogRecord record, long transaction, @Nullable Lineage lineage) {

  static final long NO_TRANSACTION = -1;

  private static final int EPOCH_BITS = 16;
  private static final int EPOCH_MASK = 0xffff;

  static long transaction(CommittedRecord record) {
    return record.transactional()
        ? record.producerId() << EPOCH_BITS | (record.producerEpoch() & EPOCH_MASK)
        : NO_TRANSACTION;
  }

  long offset() {
    return record.offset();
  }
}
