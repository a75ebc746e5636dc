/// Workers watch each other: who looks dead is evicted from the group and fenced, and the others
/// are told. [Lookout] decides and is pure; [Watch] and [Eviction] each have a thread of their own.
@NullMarked
package dev.gretchen.engine.internal.watch;

import org.jspecify.annotations.NullMarked;
