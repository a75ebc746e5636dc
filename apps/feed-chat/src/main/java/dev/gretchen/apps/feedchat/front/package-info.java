/// What clients meet: the WebSocket protocol, the views, who may connect and how much they may say.
/// Called from the server's threads, which nothing here keeps waiting but the views, each of which
/// has a thread of its own.
@NullMarked
package dev.gretchen.apps.feedchat.front;

import org.jspecify.annotations.NullMarked;
