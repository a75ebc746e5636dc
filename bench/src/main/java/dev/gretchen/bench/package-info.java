/// Side-by-side benchmarks: the same contract, load and brokers for the engine and its peers, and
/// the answer of each run is judged before its number counts. One thread drives a benchmark; what
/// is measured runs in processes of its own.
@NullMarked
package dev.gretchen.bench;

import org.jspecify.annotations.NullMarked;
