package dev.gretchen.verifier.truth;

/// One call of a service, as whoever stands before it saw it.
///
/// @param service its name
/// @param at epoch milliseconds when the request was there
/// @param ended epoch milliseconds when the reply was given, or the call was cut off
/// @param id what the caller said that the call is for
/// @param request method, target and body
/// @param fate `good`, `cut`, or what the service did wrong
/// @param status of the answer that was given, 0 where none was
/// @param answer the body that was given as a whole, empty where none was
public record ServiceCall(
    String service,
    long at,
    long ended,
    String id,
    String request,
    String fate,
    int status,
    String answer) {}
