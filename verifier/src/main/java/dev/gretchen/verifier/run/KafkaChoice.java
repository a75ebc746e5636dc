package dev.gretchen.verifier.run;

import java.util.Map;

/// Which Kafka a run uses.
public sealed interface KafkaChoice {

  /// Brokers of our own, as child JVMs.
  ///
  /// @param brokers how many
  record Embedded(int brokers) implements KafkaChoice {}

  /// One broker in a container.
  record Docker() implements KafkaChoice {}

  /// A cluster that somebody else runs.
  ///
  /// @param clientProperties more settings for Kafka clients, such as credentials
  record External(String bootstrap, Map<String, String> clientProperties) implements KafkaChoice {
    public External {
      clientProperties = Map.copyOf(clientProperties);
    }
  }
}
