/// The shared stream engine's public face: an [App] has topics, tables and agents, and a [Worker]
/// runs it. Everything else is `internal`. Definitions are made on one thread before the worker
/// starts; handlers run on the worker's handler threads.
@NullMarked
package dev.gretchen.engine;

import org.jspecify.annotations.NullMarked;
