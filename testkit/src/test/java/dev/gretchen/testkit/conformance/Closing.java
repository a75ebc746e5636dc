package dev.gretchen.testkit.conformance;

import java.time.Duration;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;

/// Closes consumers when a script is over, however it ended.
final class Closing {

  private Closing() {}

  /// Closes a consumer that may be closed already, at once; what it thinks of it does not matter.
  static void at(Consumer<byte[], byte[]> consumer) {
    try {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    } catch (KafkaException | IllegalStateException _) {
      // the script is over
    }
  }
}
