/// Channels: queues in the memory of one worker, between its handlers and its other threads. Any
/// thread sends; an agent of a channel has a thread of its own, and each wait is on the channel's
/// monitor.
@NullMarked
package dev.gretchen.engine.internal.channel;

import org.jspecify.annotations.NullMarked;
