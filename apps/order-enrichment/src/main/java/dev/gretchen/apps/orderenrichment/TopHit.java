package dev.gretchen.apps.orderenrichment;

import org.jspecify.annotations.Nullable;

/// What a search found.
///
/// @param query what was asked
/// @param document the id of the top hit, null where nothing was found
/// @param title of the top hit, null where nothing was found
public record TopHit(String query, @Nullable String document, @Nullable String title) {}
