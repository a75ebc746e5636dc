@NullMarked
package dev.gretchen.cli;

import org.jspecify.annotations.NullMarked;
