/// The simulated clients on simulated brokers, with a network that does what a test asks of it.
@NullMarked
package dev.gretchen.testkit.client;

import org.jspecify.annotations.NullMarked;
