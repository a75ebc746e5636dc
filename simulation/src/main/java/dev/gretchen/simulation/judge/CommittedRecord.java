package dev.gretchen.simulation.judge;

import dev.gretchen.testkit.kafka.Message.HeaderField;
import dev.gretchen.testkit.kafka.StoredRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A record that readers of committed records can see.
///
/// @param timestamp epoch milliseconds
/// @param writtenNanos virtual time at which the broker appended it
/// @param headers not to be changed
/// @param producerId of the producer that sent it; together with the producer's epoch it names the
///   transaction, since each transaction has an epoch of its own (`transaction.version` 2)
/// @param transactional whether it was sent in a transaction
@SuppressWarnings("ArrayRecordComponent")
public record CommittedRecord(
    long offset,
    long timestamp,
    long writtenNanos,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<HeaderField> headers,
    long producerId,
    short producerEpoch,
    boolean transactional) {

  /// A record as the simulated Kafka stores it.
  public static CommittedRecord of(StoredRecord stored) {
    return new CommittedRecord(
        stored.offset(),
        stored.message().timestamp(),
        stored.writtenNanos(),
        stored.message().key(),
        stored.message().value(),
        stored.message().headers(),
        stored.producerId(),
        stored.epoch(),
        stored.transactional());
  }

  /// The value of a header, of the last one where there are several, null where there is none.
  byte @Nullable [] header(String name) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      if (headers.get(i).key().equals(name)) {
        return headers.get(i).value();
      }
    }
    return null;
  }
}
