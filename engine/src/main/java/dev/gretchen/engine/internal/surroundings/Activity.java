package dev.gretchen.engine.internal.surroundings;

/// A loop of the engine, as one step of it. In production a thread repeats it; a simulator calls it
/// when it pleases.
@FunctionalInterface
public interface Activity {

  /// Does a bounded piece of work, waiting only in Kafka clients and on a [Monitor].
  ///
  /// @return whether there is to be another step
  boolean step() throws Exception;
}
