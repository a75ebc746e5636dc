/// Questions that somebody waits for: how they leave a worker, and how their answers come back. The
/// reading of answers has a thread of its own; those who ask wait on theirs.
@NullMarked
package dev.gretchen.engine.internal.ask;

import org.jspecify.annotations.NullMarked;
