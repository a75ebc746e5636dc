/// Which fault comes when: a plan is a pure function of its seed and setting, and can be written as
/// JSON and read back. Immutable; any thread.
@NullMarked
package dev.gretchen.chaos.plan;

import org.jspecify.annotations.NullMarked;
