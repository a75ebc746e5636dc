/// Pushes the posts of rooms to clients. Each [dev.gretchen.apps.feedchat.push.Pusher] has some of
/// the clients and a thread that alone touches them; what they share, [FeedWindow], is for any
/// thread.
@NullMarked
package dev.gretchen.apps.feedchat.push;

import org.jspecify.annotations.NullMarked;
