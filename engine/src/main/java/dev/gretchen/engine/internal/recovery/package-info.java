/// Brings table partitions up to the end of their changelogs before their task runs, and keeps
/// copies of others' near it. One thread for each of both, with a consumer and an admin client of
/// its own, while other partitions go on working.
@NullMarked
package dev.gretchen.engine.internal.recovery;

import org.jspecify.annotations.NullMarked;
