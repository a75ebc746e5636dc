/// Colour word count: two agents, a table and a windowed table; its README is its contract.
/// Handlers run on the engine's threads and keep no state of their own.
@NullMarked
package dev.gretchen.apps.wordcolors;

import org.jspecify.annotations.NullMarked;
