package dev.gretchen.engine.internal.route;

/// What became of a question.
public sealed interface Routed {

  /// Somebody answered.
  record Answered(TableAnswer answer) implements Routed {}

  /// Nobody can, ever: there is no such table.
  record Unknown(String why) implements Routed {}

  /// The question does not fit the table.
  record Unfit(String why) implements Routed {}

  /// Nobody can now.
  ///
  /// @param why who was asked, and what they said
  /// @param owner whom this worker takes for the owner, `worker@host:port`, or an empty string
  record Nobody(String why, String owner) implements Routed {}
}
