/// Hand-written stand-ins for what the engine takes from outside, so that its parts run step by
/// step on the test's own thread. One thread, unless a test says otherwise.
@NullMarked
package dev.gretchen.engine.internal.fakes;

import org.jspecify.annotations.NullMarked;
