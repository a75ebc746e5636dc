/// Broken engines for the simulator's own trial: each is the shipped engine with one part, one
/// Kafka client or its disk replaced. What workers of one schedule share, they share in an object
/// made for it. Threads as in the part that is replaced.
@NullMarked
package dev.gretchen.mutants.simulated;

import org.jspecify.annotations.NullMarked;
