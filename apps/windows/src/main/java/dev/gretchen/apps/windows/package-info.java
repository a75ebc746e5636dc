/// Page views by page and by user, gathered from a hierarchy of topics: windows, sessions, late
/// events, keys that expire; the app's README is its contract. Handlers run on the engine's threads
/// and keep no state of their own.
@NullMarked
package dev.gretchen.apps.windows;

import org.jspecify.annotations.NullMarked;
