@NullMarked
package dev.gretchen.verifier;

import org.jspecify.annotations.NullMarked;
