/// What people write down for this program to follow, in YAML, read so that each mistake can be
/// told by file, line and key. Immutable once read; any thread.
@NullMarked
package dev.gretchen.verifier.settings;

import org.jspecify.annotations.NullMarked;
