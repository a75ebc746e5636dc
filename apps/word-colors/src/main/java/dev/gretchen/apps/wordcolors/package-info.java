@NullMarked
package dev.gretchen.apps.wordcolors;

import org.jspecify.annotations.NullMarked;
