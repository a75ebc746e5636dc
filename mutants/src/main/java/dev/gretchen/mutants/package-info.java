@NullMarked
package dev.gretchen.mutants;

import org.jspecify.annotations.NullMarked;
