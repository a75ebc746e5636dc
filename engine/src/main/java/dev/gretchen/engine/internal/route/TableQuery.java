package dev.gretchen.engine.internal.route;

import org.jspecify.annotations.Nullable;

/// What is asked of a table: the value of one key.
///
/// @param key as the table's codec writes it
/// @param at a moment in the window that is meant, epoch milliseconds; null for a plain table
public record TableQuery(String table, byte[] key, @Nullable Long at) {}
