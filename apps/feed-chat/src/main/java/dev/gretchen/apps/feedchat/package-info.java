/// A chat whose bans have one order with the posts around them; docs/chat.md is its contract.
/// Records and codecs here are immutable; handlers run on the engine's threads and keep no state.
@NullMarked
package dev.gretchen.apps.feedchat;

import org.jspecify.annotations.NullMarked;
