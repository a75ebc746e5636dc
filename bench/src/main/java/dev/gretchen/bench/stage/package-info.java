/// The count stage alone on the engine's public API, for a child process. Handlers run on the
/// engine's threads.
@NullMarked
package dev.gretchen.bench.stage;

import org.jspecify.annotations.NullMarked;
