/// Links between simulated workers: what sockets and kernels do with them when processes die, stand
/// still, or are cut from each other. On the scheduler's turn, or on that of a process's fiber.
@NullMarked
package dev.gretchen.testkit.link;

import org.jspecify.annotations.NullMarked;
