/// How far an input partition is done where its events end out of order, and how that travels in
/// the metadata of a committed offset. Data of any thread; the tracker is guarded by its owner.
@NullMarked
package dev.gretchen.engine.internal.progress;

import org.jspecify.annotations.NullMarked;
