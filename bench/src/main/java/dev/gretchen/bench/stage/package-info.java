/// Parts of apps on the engine's public API, and the service that one of them calls, for child
/// processes. Handlers run on the engine's threads.
@NullMarked
package dev.gretchen.bench.stage;

import org.jspecify.annotations.NullMarked;
