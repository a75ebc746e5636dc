/// What a judgement says: properties, anomalies, faults and the verdict over them. Plain immutable
/// data; any thread.
@NullMarked
package dev.gretchen.verifier.verdict;

import org.jspecify.annotations.NullMarked;
