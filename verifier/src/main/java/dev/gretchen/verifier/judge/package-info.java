/// Decides a run from its directory alone: reads the facts and the history, lets the checkers
/// judge, and words the verdict. One judgement belongs to one thread; nothing outside the directory
/// is read.
@NullMarked
package dev.gretchen.verifier.judge;

import org.jspecify.annotations.NullMarked;
