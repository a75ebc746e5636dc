package dev.gretchen.verifier.calibrate;

import java.util.List;

/// How one recorded run is falsified, and by what the judge must find it out.
///
/// @param what what is changed and where, in words
/// @param changes of one file are applied in this order
record Forgery(String what, Expected expected, List<Change> changes) {

  Forgery {
    changes = List.copyOf(changes);
  }

  static Forgery of(String what, Expected expected, Change... changes) {
    return new Forgery(what, expected, List.of(changes));
  }
}
