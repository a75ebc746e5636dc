/// Virtual time, and fibers that take turns on it: a whole cluster of processes in one thread of
/// execution, every choice drawn from one seed. At any moment exactly one fiber, or the scheduler,
/// runs; nothing here needs a lock.
@NullMarked
package dev.gretchen.testkit.sim;

import org.jspecify.annotations.NullMarked;
