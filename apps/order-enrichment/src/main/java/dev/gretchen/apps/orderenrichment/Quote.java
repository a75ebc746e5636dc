package dev.gretchen.apps.orderenrichment;

/// What the market paid.
///
/// @param at epoch milliseconds
/// @param price of one, in hundredths of a cent
/// @param mark the quote's own id
public record Quote(long at, long price, String mark) {}
