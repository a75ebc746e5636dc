/// Where windows of event time begin and end, when they close, and when they are dropped. Pure, any
/// thread.
@NullMarked
package dev.gretchen.engine.internal.window;

import org.jspecify.annotations.NullMarked;
