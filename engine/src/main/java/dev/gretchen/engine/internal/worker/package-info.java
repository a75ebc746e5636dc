/// Puts the engine's parts together and ends them in order. Started and stopped by one thread.
@NullMarked
package dev.gretchen.engine.internal.worker;

import org.jspecify.annotations.NullMarked;
