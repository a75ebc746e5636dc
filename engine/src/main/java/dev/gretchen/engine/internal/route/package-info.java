/// Who answers for a key of a table, and how a worker that does not hold it finds the one that
/// does. Any thread; what asks another worker runs where user code does, because it waits.
@NullMarked
package dev.gretchen.engine.internal.route;

import org.jspecify.annotations.NullMarked;
