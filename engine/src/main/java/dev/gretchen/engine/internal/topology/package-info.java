/// What an app consists of, checked to fit together. Immutable data, any thread.
@NullMarked
package dev.gretchen.engine.internal.topology;

import org.jspecify.annotations.NullMarked;
