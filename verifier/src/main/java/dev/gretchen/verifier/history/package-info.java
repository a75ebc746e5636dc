/// The history of a run on disk: written while it goes, streamed back by the judge, readable up to
/// the last whole block after a crash. A writer belongs to one thread unless it says otherwise, and
/// so does a reader; observers and probes own their threads and Kafka clients.
@NullMarked
package dev.gretchen.verifier.history;

import org.jspecify.annotations.NullMarked;
