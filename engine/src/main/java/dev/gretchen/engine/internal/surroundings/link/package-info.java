/// Links between workers: bytes in small frames, and the news that the other end is gone. Events
/// come on a thread of the links' own; everything else may be called from any thread and does not
/// block.
@NullMarked
package dev.gretchen.engine.internal.surroundings.link;

import org.jspecify.annotations.NullMarked;
