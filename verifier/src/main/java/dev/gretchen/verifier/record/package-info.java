/// The record: an index of all runs below a folder, for questions that one run's directory cannot
/// answer. The directories stay the source; the index is an embedded database that is thrown away
/// and made anew whenever it is damaged, old or asked for.
@NullMarked
package dev.gretchen.verifier.record;

import org.jspecify.annotations.NullMarked;
