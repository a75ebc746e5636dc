/// Simulated disks: what was flushed survives a crash, what was not is lost. Everything runs in
/// fibers, or between the scheduler's runs.
@NullMarked
package dev.gretchen.testkit.disk;

import org.jspecify.annotations.NullMarked;
