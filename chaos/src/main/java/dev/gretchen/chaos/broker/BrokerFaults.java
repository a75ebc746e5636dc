package dev.gretchen.chaos.broker;

/// Whether faults can be injected into brokers.
public sealed interface BrokerFaults {

  /// They can.
  record Supported(BrokerControl control) implements BrokerFaults {}

  /// They cannot.
  ///
  /// @param reason half a sentence for the report
  record Unsupported(String reason) implements BrokerFaults {}
}
