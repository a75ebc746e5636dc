/// word-colors as a careful programmer would write it by hand, with Kafka's clients and RocksDB and
/// no engine: the floor under what an engine may cost. One thread does everything.
@NullMarked
package dev.gretchen.peers.floor;

import org.jspecify.annotations.NullMarked;
