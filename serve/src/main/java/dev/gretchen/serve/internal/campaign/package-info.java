/// Campaigns: what soaks there are, and those that are started here, each as the process that
/// `./gretchen soak` is. None outlives this server; each can be resumed, here or from the command
/// line. Any thread.
@NullMarked
package dev.gretchen.serve.internal.campaign;

import org.jspecify.annotations.NullMarked;
