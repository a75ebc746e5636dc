/// What the record and the folders of runs show, for several threads at once: the index behind a
/// lock, the files of a run, two runs beside each other, what goes on.
@NullMarked
package dev.gretchen.serve.internal.record;

import org.jspecify.annotations.NullMarked;
