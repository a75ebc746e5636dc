/// The known load: a pure plan of events, and the driver that offers it to the system under test at
/// a fixed rate. The plan is for any thread; the driver has one thread of its own and the
/// producer's.
@NullMarked
package dev.gretchen.verifier.load;

import org.jspecify.annotations.NullMarked;
