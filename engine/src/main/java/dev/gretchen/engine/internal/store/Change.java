package dev.gretchen.engine.internal.store;

import org.jspecify.annotations.Nullable;

/// A key's new value; null deletes it.
public record Change(ByteKey key, byte @Nullable [] value) {}
