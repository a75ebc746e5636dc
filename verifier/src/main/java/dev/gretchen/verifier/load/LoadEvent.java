package dev.gretchen.verifier.load;

/// One event of the load.
///
/// @param index its place in the load, from 0
/// @param id unique in the load; goes into the record's header
/// @param partition of the input topics, counted through
/// @param key UTF-8
/// @param value UTF-8, a word
/// @param timestamp event time, epoch milliseconds
@SuppressWarnings("ArrayRecordComponent")
public record LoadEvent(
    long index, long id, int partition, byte[] key, byte[] value, long timestamp) {}
