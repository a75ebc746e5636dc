package dev.gretchen.engine.internal.task;

import org.jspecify.annotations.Nullable;

/// What is known of a key without asking the store.
///
/// @param value its bytes, null if the key is deleted
/// @param decoded the value as user code gave it, null if it was not decoded yet
public record Cell(byte @Nullable [] value, @Nullable Object decoded) {}
