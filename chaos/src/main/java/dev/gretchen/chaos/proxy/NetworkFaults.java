package dev.gretchen.chaos.proxy;

/// Whether faults can be injected between workers and brokers.
public sealed interface NetworkFaults {

  /// They can: each worker reaches the brokers through a link of its own.
  record Supported(Links links) implements NetworkFaults {}

  /// They cannot.
  ///
  /// @param reason half a sentence for the report
  record Unsupported(String reason) implements NetworkFaults {}
}
