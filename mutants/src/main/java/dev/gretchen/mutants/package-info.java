/// Engines that are broken on purpose, each by a small patch of one seam, for the judge's own
/// trial; nothing that is shipped refers to them. Threads as in the part that is replaced.
@NullMarked
package dev.gretchen.mutants;

import org.jspecify.annotations.NullMarked;
