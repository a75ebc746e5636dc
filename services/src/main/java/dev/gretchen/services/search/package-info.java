/// A real Elasticsearch server as a child process of a run. One process, one node, whose threads
/// are its own.
@NullMarked
package dev.gretchen.services.search;

import org.jspecify.annotations.NullMarked;
