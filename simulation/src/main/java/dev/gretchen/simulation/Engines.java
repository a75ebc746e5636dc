package dev.gretchen.simulation;

import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.worker.EngineParts;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The engine that is tried: as it is shipped, or broken on purpose.
///
/// @param parts its parts, given the shipped ones on simulated disk and network
/// @param surroundings what it meets, given the simulated ones
public record Engines(UnaryOperator<EngineParts> parts, UnaryOperator<Surroundings> surroundings) {

  /// As it is shipped.
  public static Engines shipped() {
    return new Engines(UnaryOperator.identity(), UnaryOperator.identity());
  }

  /// The same engine in each schedule.
  public Supplier<Engines> always() {
    return () -> this;
  }
}
