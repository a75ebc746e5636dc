package dev.gretchen.verifier.truth;

/// One call of a service, as whoever stands before it saw it.
///
/// @param service its name
/// @param at epoch milliseconds when the request was there
/// @param ended epoch milliseconds when the reply was given, or the call was cut off
/// @param id what the caller said that the call is for
/// @param attempt which of its attempts the caller said that this is, and how long ago it began the
///   one before, as the contract writes it; empty where it did not say, and in older runs
/// @param request method, target and body
/// @param fate `good`, `cut`, or what the service did wrong
/// @param status of the answer that was given, 0 where none was
/// @param answer the body that was given as a whole, empty where none was
public record ServiceCall(
    String service,
    long at,
    long ended,
    String id,
    String attempt,
    String request,
    String fate,
    int status,
    String answer) {

  @SuppressWarnings(
      "ConstantValue") // null where the line was written before there was such a field
  public ServiceCall {
    attempt = attempt == null ? "" : attempt;
  }
}
