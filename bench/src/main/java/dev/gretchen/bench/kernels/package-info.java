/// Micro-benchmarks of the kernels that an event passes, for JMH in a child process. Each runs on
/// one thread.
@NullMarked
package dev.gretchen.bench.kernels;

import org.jspecify.annotations.NullMarked;
