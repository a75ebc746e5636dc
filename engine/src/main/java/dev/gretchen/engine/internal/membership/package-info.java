/// The worker's place in the consumer group: polling, assignment and revocation. One thread, which
/// alone touches the group's consumer and never runs user code.
@NullMarked
package dev.gretchen.engine.internal.membership;

import org.jspecify.annotations.NullMarked;
