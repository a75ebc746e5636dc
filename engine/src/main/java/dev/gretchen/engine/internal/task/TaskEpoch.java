package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.store.ByteKey;
import java.util.List;
import java.util.Map;

/// What one task contributes to an epoch: sealed, never changed again.
///
/// @param nextOffset of the input: below it everything is applied
/// @param outputs in the order in which they were sent
/// @param changes table -> key -> last value
/// @param bytes what it holds, roughly
public record TaskEpoch(
    Task task,
    long nextOffset,
    List<Output> outputs,
    Map<String, Map<ByteKey, StagedChange>> changes,
    long bytes) {}
