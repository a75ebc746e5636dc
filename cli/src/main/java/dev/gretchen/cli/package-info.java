/// The `gretchen` command: joins the modules and holds no logic of its own; picocli is known here
/// alone. The main thread runs the command; a shutdown hook answers Ctrl-C.
@NullMarked
package dev.gretchen.cli;

import org.jspecify.annotations.NullMarked;
