package dev.gretchen.verifier.truth;

/// A mail that a mailer says it has sent.
///
/// @param mail its number
/// @param key the idempotency key that it was sent for
/// @param order the id of the order that it names, hex16
public record Mail(long mail, String key, String order) {}
