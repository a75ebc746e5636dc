/// Parts of apps on the engine's public API, the service that one of them calls, and the clients
/// and the floor of a chat, for child processes. Handlers run on the engine's threads, clients on
/// one.
@NullMarked
package dev.gretchen.bench.stage;

import org.jspecify.annotations.NullMarked;
