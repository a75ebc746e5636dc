/// What docs/contract.md fixes, as code: event ids, tallies, palettes, lineage. Stateless or
/// immutable, for any thread.
@NullMarked
package dev.gretchen.peers.contract;

import org.jspecify.annotations.NullMarked;
