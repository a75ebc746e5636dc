/// What only one worker of an app does at a time: its timers. Runs on a thread of its own, which
/// hands ticks to a task as if they were fetched.
@NullMarked
package dev.gretchen.engine.internal.leader;

import org.jspecify.annotations.NullMarked;
