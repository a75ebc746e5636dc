/// What the engine shows of itself: audit records, meters, lineage, failpoints. Callable from any
/// thread; never blocks one, but for an armed failpoint.
@NullMarked
package dev.gretchen.engine.internal.observe;

import org.jspecify.annotations.NullMarked;
