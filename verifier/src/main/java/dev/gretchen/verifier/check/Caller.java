package dev.gretchen.verifier.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a caller says of a call in its header `Gretchen-Attempt`, such as
/// `2;2087;w1;1795348155063`: the second attempt of one handling of an event, of which the first
/// began 2,087 ms before by a clock that nobody sets, by worker `w1`, begun at that moment by its
/// clock.
///
/// A caller's time-out begins before its request is at the service and ends after the answer has
/// left there, by as much as a busy machine makes it wait; so only the caller knows that it has
/// passed. Whoever handles an event anew without having waited begins at attempt 1 again, and that
/// explains nothing.
///
/// @param attempt from 1; 0 where the caller does not say
/// @param sinceBefore milliseconds since the attempt before began, 0 for the first
/// @param worker its name, empty where the caller does not say
/// @param began epoch milliseconds by its clock, 0 where it does not say
record Caller(int attempt, long sinceBefore, String worker, long began) {

  private static final Pattern FORM =
      Pattern.compile("([1-9]\\d{0,5});(\\d{1,9})(?:;([\\w.-]{1,80})(?:;(\\d{1,15}))?)?");
  private static final Caller UNSAID = new Caller(0, 0, "", 0);

  /// Reads the header's text; what has another form says nothing.
  static Caller of(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return UNSAID;
    }
    String worker = form.group(3);
    String began = form.group(4);
    return new Caller(
        Integer.parseInt(form.group(1)),
        Long.parseLong(form.group(2)),
        worker == null ? "" : worker.intern(),
        began == null ? 0 : Long.parseLong(began));
  }

  /// Whether its own time-out had passed for the attempt before.
  boolean isAfterTimeout(long timeoutMillis) {
    return attempt > 1 && sinceBefore >= timeoutMillis;
  }

  /// When a call was begun that arrived at a moment: on a busy machine a request is late at the
  /// service. What a clock says that is far from the service's is not believed.
  long begun(long arrived, long timeoutMillis) {
    return began <= arrived && arrived - began <= timeoutMillis ? began : arrived;
  }

  /// Whether both say who they are, and are not the same.
  boolean isAnotherThan(Caller other) {
    return !worker.isEmpty() && !other.worker.isEmpty() && !worker.equals(other.worker);
  }
}
