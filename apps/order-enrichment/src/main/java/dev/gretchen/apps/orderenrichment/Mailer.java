package dev.gretchen.apps.orderenrichment;

/// Sends mails. Any thread; may wait.
public interface Mailer {

  /// Confirms an order; with the same key again it is one mail.
  ///
  /// @param orderId names the order in the mail
  /// @param idempotencyKey the same over retries and takeovers
  /// @return the number of the mail
  /// @throws DependencyFailure where it could not be done within the time for it
  long confirm(String orderId, String symbol, Order order, String idempotencyKey);
}
