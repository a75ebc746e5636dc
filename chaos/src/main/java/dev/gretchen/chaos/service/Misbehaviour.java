package dev.gretchen.chaos.service;

import java.util.Locale;

/// How a service misbehaves, as its callers see it.
public enum Misbehaviour {
  /// Answers late: a distribution with a long tail.
  SLOW,
  /// Answers 500, 502 or 503 and does nothing.
  ERRORS,
  /// Answers 429 with `Retry-After` and does nothing.
  THROTTLED,
  /// Refuses connections, and cuts those that stand.
  REFUSED,
  /// Accepts a request and never answers.
  SILENT,
  /// Does what is asked and breaks off in the middle of its answer.
  RESET,
  /// Does what is asked and answers half of a JSON document as if it were a whole.
  MALFORMED,
  /// Gives the answer that another call was given.
  WRONG_ENTITY,
  /// Does what is asked and says nothing of it.
  ANSWER_LOST,
  /// Cuts every connection for a moment, behaves for a moment, and so on.
  FLAPPING,
  /// Refuses connections for long, so that all callers wait when it is back.
  OUTAGE;

  /// The word for it, such as `answer-lost`.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Whether nobody can connect.
  public boolean closesPort() {
    return this == REFUSED || this == OUTAGE;
  }
}
