/// What the machine offers to faults, found out by trying. [dev.gretchen.chaos.machine.Machine] is
/// immutable; probing belongs to one thread and leaves nothing behind.
@NullMarked
package dev.gretchen.chaos.machine;

import org.jspecify.annotations.NullMarked;
