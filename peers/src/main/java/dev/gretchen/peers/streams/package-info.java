/// word-colors on Kafka Streams, with everything on that helps it. Threads are those of Kafka
/// Streams.
@NullMarked
package dev.gretchen.peers.streams;

import org.jspecify.annotations.NullMarked;
