/// Copies of whole topics on every worker, for tables that are read everywhere. One thread of its
/// own fills them; any thread reads.
@NullMarked
package dev.gretchen.engine.internal.global;

import org.jspecify.annotations.NullMarked;
