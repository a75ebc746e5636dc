package dev.gretchen.testkit.conformance;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/// What stands for what is not there.
final class Missing {

  /// Of a partition that the answer does not hold.
  static final OffsetAndMetadata OFFSET = new OffsetAndMetadata(999_999);

  private Missing() {}
}
