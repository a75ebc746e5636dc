package dev.gretchen.bench;

/// One run of a side in the raw data: a line of JSON.
///
/// @param calls at a time
/// @param wrong why the run has no number, empty where the answers were right
/// @param records answers that were judged
record EnrichmentLine(
    String side, int calls, int round, String wrong, long records, double perSecond) {}
