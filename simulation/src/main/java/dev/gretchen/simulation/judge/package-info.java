/// Judges a simulated run in memory: the verifier's own checkers on what the simulated Kafka holds,
/// and beside them what only a simulation can see, such as which records shared a transaction. Pure
/// functions of the run; any thread, one judgement on one.
@NullMarked
package dev.gretchen.simulation.judge;

import org.jspecify.annotations.NullMarked;
