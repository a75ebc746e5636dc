/// The record over HTTP: pages, a REST API, metrics, campaigns that are started from afar. Here is
/// how it is opened; how it is done is in `internal`. Requests are answered by threads of the
/// server, one question to the record at a time.
@NullMarked
package dev.gretchen.serve;

import org.jspecify.annotations.NullMarked;
