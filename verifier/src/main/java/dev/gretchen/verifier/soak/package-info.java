/// The soak: campaigns of runs, drawn from a seed, through a night. What comes next is a pure
/// function of campaign, seed and journal, so that a soak goes on after whatever ended it. One
/// thread; each run is a process of its own.
@NullMarked
package dev.gretchen.verifier.soak;

import org.jspecify.annotations.NullMarked;
