/// The checkers: recorded logs in, properties with their anomalies out. Pure: no clock, chance,
/// input or output, no Kafka type and no thread; memory grows with keys, windows and what is in
/// flight.
@NullMarked
package dev.gretchen.verifier.check;

import org.jspecify.annotations.NullMarked;
