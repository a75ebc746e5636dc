/// Child processes of which none is ever left behind, whatever becomes of this JVM. All public
/// types are safe for any thread, shutdown hooks included.
@NullMarked
package dev.gretchen.chaos.process;

import org.jspecify.annotations.NullMarked;
