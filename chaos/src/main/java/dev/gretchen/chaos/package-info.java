@NullMarked
package dev.gretchen.chaos;

import org.jspecify.annotations.NullMarked;
