package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/// A producer's identity, and when it has to take a newer epoch by itself: after a batch was lost
/// without a transaction around it, whose partition then begins its sequence again.
final class ProducerEpoch {

  private final TransactionLifecycle lifecycle;
  private final Sequences sequences;
  private final List<TopicPartition> toBeginAgain = new ArrayList<>();
  private ProducerIdentity identity = ProducerIdentity.NONE;
  private boolean bumpRequired;

  ProducerEpoch(TransactionLifecycle lifecycle, Sequences sequences) {
    this.lifecycle = lifecycle;
    this.sequences = sequences;
  }

  ProducerIdentity identity() {
    return identity;
  }

  /// Takes over what a coordinator has given, if it has given anything.
  void take(Reply reply) {
    if (reply instanceof Reply.Producer producer && producer.producerId() >= 0) {
      identity = new ProducerIdentity(producer.producerId(), producer.epoch());
    }
  }

  void requireBump(TopicPartition partition) {
    bumpRequired = true;
    if (!toBeginAgain.contains(partition)) {
      toBeginAgain.add(partition);
    }
  }

  /// Takes the next epoch if that is required, or has to ask for a new identity after the last one.
  void bumpIfRequired() {
    if (!bumpRequired) {
      return;
    }
    if (identity.epoch() == Short.MAX_VALUE) {
      identity = ProducerIdentity.NONE;
      lifecycle.moveTo(TransactionStage.UNINITIALIZED);
    } else {
      identity = identity.bumped();
    }
    toBeginAgain.forEach(partition -> sequences.beginAgain(partition, identity));
    toBeginAgain.clear();
    bumpRequired = false;
  }
}
