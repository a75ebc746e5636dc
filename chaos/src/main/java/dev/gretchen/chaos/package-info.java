/// Real brokers and workers as child processes, the faults that hit them, and the nemesis that
/// works through a plan of faults. Knows no engine, no app and no judge; each sub-package states
/// its own thread rule.
@NullMarked
package dev.gretchen.chaos;

import org.jspecify.annotations.NullMarked;
