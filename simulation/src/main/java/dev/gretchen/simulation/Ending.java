package dev.gretchen.simulation;

import dev.gretchen.simulation.judge.SimulatedRun;
import dev.gretchen.testkit.sim.Trace;
import java.time.Duration;
import java.util.List;

/// How a simulation ended.
///
/// @param look at logs, offsets and stores: what is judged
/// @param failures a sentence for each thing that workers must never do, such as to end by
///   themselves
/// @param caughtUp whether the app had handled everything within the bound
/// @param nanos virtual time
/// @param takeovers how long each calm death took until others did the work
record Ending(
    SimulatedRun look,
    List<String> failures,
    boolean caughtUp,
    long nanos,
    List<Duration> takeovers,
    Trace trace) {}
