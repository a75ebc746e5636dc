/// The judge on trial: recorded runs are falsified, one edit each, and the judge must convict every
/// one of them by the right property and name the culprit. A calibration belongs to one thread; it
/// writes below a folder of its own and leaves the recorded run as it is.
@NullMarked
package dev.gretchen.verifier.calibrate;

import org.jspecify.annotations.NullMarked;
