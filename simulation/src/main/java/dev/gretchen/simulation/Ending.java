package dev.gretchen.simulation;

import dev.gretchen.simulation.judge.SimFault;
import dev.gretchen.testkit.kafka.SimKafka;
import dev.gretchen.testkit.sim.Trace;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.load.LoadPlan;
import java.util.List;

/// How a simulation ended: all that is judged.
///
/// @param acks of the load, by partition
/// @param faults that took effect
/// @param failures a sentence for each worker that ended by itself
/// @param caughtUp whether the app had handled everything within the bound
/// @param nanos virtual time
/// @param events how many events of the scheduler there were
record Ending(
    Schedule schedule,
    LoadPlan plan,
    List<List<Ack>> acks,
    SimKafka kafka,
    List<SimFault> faults,
    List<SimulatedWorker> workers,
    List<String> failures,
    boolean caughtUp,
    long nanos,
    long events,
    Trace trace) {}
