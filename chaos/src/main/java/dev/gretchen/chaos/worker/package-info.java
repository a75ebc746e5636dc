/// The workers of an app: their processes, disks, readiness and failpoints. [Workers] is safe for
/// any thread, and serialises what happens to one worker.
@NullMarked
package dev.gretchen.chaos.worker;

import org.jspecify.annotations.NullMarked;
