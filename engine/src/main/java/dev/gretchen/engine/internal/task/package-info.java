/// A task handles the events of one input partition, one after another, and stages their effects.
/// An actor: at most one activation at a time, on a handler thread; the committer takes what is
/// staged at event boundaries.
@NullMarked
package dev.gretchen.engine.internal.task;

import org.jspecify.annotations.NullMarked;
