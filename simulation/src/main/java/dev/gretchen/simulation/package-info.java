/// Deterministic simulation: a small cluster of engine workers on a simulated Kafka, hurt in every
/// way that one seed says, and judged by the verifier's own checkers. One thread.
@NullMarked
package dev.gretchen.simulation;

import org.jspecify.annotations.NullMarked;
