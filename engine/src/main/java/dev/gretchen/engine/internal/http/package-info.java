/// The worker's endpoints on loopback. Served by the HTTP server's threads; they only read, but for
/// failpoints.
@NullMarked
package dev.gretchen.engine.internal.http;

import org.jspecify.annotations.NullMarked;
