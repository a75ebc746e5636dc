package dev.gretchen.apps.windows;

import dev.gretchen.engine.ClosedWindow;

/// What is told of a window that has closed; its key is the record's.
///
/// As JSON: `{"start":…,"end":…,"count":12,"fingerprint":"00f3c1d2a4b59687"}`.
///
/// @param start epoch milliseconds, in the window
/// @param end epoch milliseconds, behind it
/// @param fingerprint the sum of the mixed ids of its views as 16 hexadecimal digits
public record Closed(long start, long end, long count, String fingerprint) {

  static Closed of(ClosedWindow<String, Tally> closed) {
    return new Closed(
        closed.window().start(),
        closed.window().end(),
        closed.value().count(),
        closed.value().fingerprint());
  }
}
