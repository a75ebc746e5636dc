package dev.gretchen.chaos.service;

/// One call of a service, as its front saw it.
///
/// @param service the word of its [ServiceKind]
/// @param at epoch milliseconds when the request was there
/// @param ended epoch milliseconds when the reply was given, or the call was cut off
/// @param id what the caller says that the call is for, empty where it does not
/// @param attempt what the caller says in [#ATTEMPT_HEADER], empty where it does not
/// @param request method, target and body
/// @param fate `good`, or the word of a [Misbehaviour] that it suffered, or `cut` where the caller
///   went away or the service behind could not be reached
/// @param status of the answer that was given, 0 where none was
/// @param answer the body that was given as a whole, empty where none was
public record Call(
    String service,
    long at,
    long ended,
    String id,
    String attempt,
    String request,
    String fate,
    int status,
    String answer) {

  /// The header, in lower case, by which a caller says which attempt of its own this is, how long
  /// ago it began the one before, and who it is.
  public static final String ATTEMPT_HEADER = "gretchen-attempt";

  /// What a call that went as it should is called.
  public static final String GOOD = "good";

  /// A call whose caller went away, or whose service could not be reached.
  public static final String CUT = "cut";
}
