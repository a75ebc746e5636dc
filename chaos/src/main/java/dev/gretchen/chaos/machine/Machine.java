package dev.gretchen.chaos.machine;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/// What this machine can do.
///
/// @param findings one for each mechanism
public record Machine(Map<Mechanism, Finding> findings) {
  public Machine {
    EnumMap<Mechanism, Finding> all = new EnumMap<>(Mechanism.class);
    for (Mechanism mechanism : Mechanism.values()) {
      all.put(mechanism, findings.getOrDefault(mechanism, new Finding.Missing("it was not tried")));
    }
    findings = Map.copyOf(all);
  }

  /// Tries everything, which takes some hundred milliseconds; nothing stays.
  ///
  /// @param scratch a folder that may be created and is removed again
  public static Machine probe(Path scratch) throws InterruptedException {
    return new Machine(new Probes(scratch).all());
  }

  /// Knows nothing of the machine: what needs it is skipped.
  public static Machine unknown() {
    return new Machine(Map.of());
  }

  public Finding finding(Mechanism mechanism) {
    return findings.getOrDefault(mechanism, new Finding.Missing("it was not tried"));
  }
}
