@NullMarked
package dev.gretchen.engine;

import org.jspecify.annotations.NullMarked;
