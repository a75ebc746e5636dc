/// A proxy that understands Kafka's framing, between each worker and the brokers: it delays, cuts,
/// slices, resets, loses the response of one chosen request or holds a request back, and counts
/// what it did. One virtual thread per connection and direction; [dev.gretchen.chaos.proxy.Links],
/// [dev.gretchen.chaos.proxy.Link] and [dev.gretchen.chaos.proxy.InForce] are for any thread.
@NullMarked
package dev.gretchen.chaos.proxy;

import org.jspecify.annotations.NullMarked;
