/// The gate: a policy, which is data, held against the runs of the record. Policy and runs in,
/// findings out; only [dev.gretchen.verifier.gate.GateRecord] reads files. Any thread.
@NullMarked
package dev.gretchen.verifier.gate;

import org.jspecify.annotations.NullMarked;
