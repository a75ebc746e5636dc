/// The contract of word-colors kept by others: on Kafka Streams, and by hand without any engine. It
/// shares no code with the engine, the apps or the judge; what they all follow is written down in
/// docs/contract.md.
@NullMarked
package dev.gretchen.peers;

import org.jspecify.annotations.NullMarked;
