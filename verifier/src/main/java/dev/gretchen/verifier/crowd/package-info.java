/// The clients of a chat: real WebSockets, which post, read, are cut off, go elsewhere, and write
/// down all that they see. One timer thread drives them; what they are told is handled on the
/// threads of the HTTP client, one frame at a time for each connection, under the client's lock.
@NullMarked
package dev.gretchen.verifier.crowd;

import org.jspecify.annotations.NullMarked;
