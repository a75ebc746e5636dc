/// The Kafka cluster of a run: real brokers as child processes, a container, or somebody else's
/// cluster. Clusters are safe for any thread; opening one blocks until it is usable.
@NullMarked
package dev.gretchen.chaos.broker;

import org.jspecify.annotations.NullMarked;
