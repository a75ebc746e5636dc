/// Kafka's three clients in virtual time: what their calls promise, what they retry, what they
/// throw, and when they call back, as in `kafka-clients` 4.3 against brokers with
/// `transaction.version` 2. A client is used by fibers of one process; its background work runs on
/// the scheduler's own turn, so nothing here needs a lock.
@NullMarked
package dev.gretchen.testkit.client;

import org.jspecify.annotations.NullMarked;
