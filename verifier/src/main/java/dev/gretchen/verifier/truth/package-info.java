/// Ground truth: the fold of a committed source log, and the compact collections that hold it.
/// Pure: no clock, chance, input or output; an instance belongs to one thread at a time.
@NullMarked
package dev.gretchen.verifier.truth;

import org.jspecify.annotations.NullMarked;
