/// The brokers of a simulated Kafka, as far as the engine relies on them: logs, transactions,
/// groups, and the network that loses what it carries. All of it runs on the scheduler's own turn.
@NullMarked
package dev.gretchen.testkit.kafka;

import org.jspecify.annotations.NullMarked;
