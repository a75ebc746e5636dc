/// The local copy of table partitions: committed data and its changelog position, moved together in
/// one batch. Written by the committer and the recovery thread, read by handlers; the interface
/// says which calls may overlap.
@NullMarked
package dev.gretchen.engine.internal.store;

import org.jspecify.annotations.NullMarked;
