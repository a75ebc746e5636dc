package dev.gretchen.verifier.truth;

import java.util.List;

/// How far committed readers could read all topics of an app at one moment.
///
/// @param at epoch milliseconds
/// @param partitions how many partitions were looked at
/// @param last whether all was quiet, with nothing left to do for the app
/// @param open the transactions that committed readers cannot read beyond
public record StableSample(long at, int partitions, boolean last, List<OpenTransaction> open) {

  public StableSample {
    open = List.copyOf(open);
  }

  /// A transaction on one partition that has not ended.
  ///
  /// @param end of the log
  /// @param stableEnd of the log for committed readers, the last stable offset
  /// @param producerId of its producer, -1 where the brokers name none
  /// @param firstOffset at which it begins
  /// @param transactionalId of its producer, empty where it is not known
  /// @param timeoutMillis after which its coordinator is to end it, -1 where it is not known
  public record OpenTransaction(
      String topic,
      int partition,
      long end,
      long stableEnd,
      long producerId,
      long firstOffset,
      String transactionalId,
      long timeoutMillis) {}
}
