/// Which of a partition's events may be handled beside one another: events of one lane never
/// overlap and keep their order. Guarded by whoever owns a lineup; only [Stragglers] is for any
/// thread.
@NullMarked
package dev.gretchen.engine.internal.lane;

import org.jspecify.annotations.NullMarked;
