/// What a join keeps, and how it is written: the two sides, their times, the events that wait for
/// one another. Pure, any thread.
@NullMarked
package dev.gretchen.engine.internal.join;

import org.jspecify.annotations.NullMarked;
