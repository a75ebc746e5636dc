package dev.gretchen.engine.internal.commit;

import java.time.Duration;

/// How the writer's producers are set up. The time-outs stay well below the consumer's
/// `max.poll.interval.ms`, because a revocation waits for a commit.
///
/// @param transactionalId stable for the worker's slot, so that its next process ends what this one
///   leaves open
/// @param maxBlock bound of a call that waits for the brokers
public record WriterSettings(
    String transactionalId,
    String clientIdPrefix,
    int requestBytesMax,
    Duration transactionTimeout,
    Duration maxBlock,
    Duration requestTimeout,
    Duration deliveryTimeout) {

  public static WriterSettings standard(String transactionalId, String clientIdPrefix) {
    return new WriterSettings(
        transactionalId,
        clientIdPrefix,
        1 << 20,
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        Duration.ofSeconds(3),
        Duration.ofSeconds(8));
  }
}
