/// The judge's own reading of what an app promises: the descriptor, keys, values and headers of its
/// topics. Shares no code with any app or engine; all of it is immutable and safe for any thread.
@NullMarked
package dev.gretchen.verifier.contract;

import org.jspecify.annotations.NullMarked;
