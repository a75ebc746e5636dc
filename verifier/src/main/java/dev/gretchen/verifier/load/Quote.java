package dev.gretchen.verifier.load;

/// A price that the market paid.
///
/// @param at epoch milliseconds
/// @param price in hundredths of a cent
/// @param mark its own id, which nobody can guess: whoever names it was told it
public record Quote(long at, long price, String mark) {}
