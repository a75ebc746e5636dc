/// How far something that goes on has come, told to whoever looks on from another process: a small
/// file in the folder of a run or a soak, there only while it goes on. Written by one thread at a
/// time, read by anybody.
@NullMarked
package dev.gretchen.verifier.progress;

import org.jspecify.annotations.NullMarked;
