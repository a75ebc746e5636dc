package dev.gretchen.testkit.kafka;

import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/// The brokers of a simulated cluster, all in one: they carry out requests, on the scheduler's own
/// turn.
public interface SimBrokers {

  /// Carries out a request.
  ///
  /// @param respond told once, at once or later
  <R extends Reply> void handle(Request<R> request, Consumer<R> respond);

  /// The reply of a broker that refuses a request with an error.
  <R extends Reply> R refusal(Request<R> request, Errors error);
}
