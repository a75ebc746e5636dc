/// Seals what tasks have staged into epochs and makes each visible in one transaction. One thread,
/// which alone touches the transactional producer.
@NullMarked
package dev.gretchen.engine.internal.commit;

import org.jspecify.annotations.NullMarked;
