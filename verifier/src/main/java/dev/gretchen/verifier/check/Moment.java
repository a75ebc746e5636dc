package dev.gretchen.verifier.check;

/// A fault that took effect, as a checker sees it.
///
/// @param kind a word, such as `kill-owner`
/// @param target what was hit
/// @param at epoch milliseconds
/// @param healedAt epoch milliseconds, 0 where it was not healed
/// @param endsProcess whether it ended a worker's process, or its ownership, without giving it a
///   chance to finish
public record Moment(String kind, String target, long at, long healedAt, boolean endsProcess) {}
