/// Carries out a plan of faults, proves that each took effect, and heals. One thread of its own
/// does all that; the journal is called on it.
@NullMarked
package dev.gretchen.chaos.nemesis;

import org.jspecify.annotations.NullMarked;
