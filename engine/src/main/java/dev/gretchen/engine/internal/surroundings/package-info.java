/// Everything the engine takes from outside: Kafka clients, clock, chance, threads, waiting. One
/// implementation for production; a simulator brings its own, so nothing else in the engine reads a
/// clock or starts a thread.
@NullMarked
package dev.gretchen.engine.internal.surroundings;

import org.jspecify.annotations.NullMarked;
