package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.internal.ask.Replies;
import dev.gretchen.engine.internal.channel.Channels;
import dev.gretchen.engine.internal.global.GlobalCopy;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What handlers of a worker reach beside their events, and what is no part of these.
///
/// @param globals copies of global tables by name; null for one that there is not
/// @param replies how agents are asked; null where none of the app answers
/// @param channels of the worker; null where there are none
public record Reach(
    Function<String, @Nullable GlobalCopy> globals,
    @Nullable Replies replies,
    @Nullable Channels channels) {

  public static final Reach NOTHING = new Reach(_ -> null, null, null);
}
