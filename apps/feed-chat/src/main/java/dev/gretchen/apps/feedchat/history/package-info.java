/// Keeps the last posts of rooms in Redis too, where one is configured. Handlers and views wait for
/// it, each on a thread of its own.
@NullMarked
package dev.gretchen.apps.feedchat.history;

import org.jspecify.annotations.NullMarked;
