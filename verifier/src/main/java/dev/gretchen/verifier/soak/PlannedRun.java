package dev.gretchen.verifier.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One run of a soak, as the seed says it.
///
/// @param number from 1
/// @param app its name, or the file of its descriptor
/// @param seed of the run
/// @param length of its load
/// @param faults as `--faults` has them
/// @param options the further words of its command line
public record PlannedRun(
    int number,
    Role role,
    String app,
    long seed,
    Duration length,
    String faults,
    List<String> options) {

  /// What it is for.
  public enum Role {
    /// A broken engine: it must fail.
    CANARY("canary"),
    /// Without faults, always the same, to be compared with that of another night.
    CONTROL("control"),
    /// Faults as a person has put them together.
    TEMPLATE("template"),
    /// Faults as the seed has put them together.
    MIX("mix"),
    /// Kinds of a catalogue that nobody has proven yet.
    CATALOGUE("catalogue");

    private final String word;

    Role(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  public PlannedRun {
    options = List.copyOf(options);
  }

  /// The words after `./gretchen verify`, but for where it is to lie.
  public List<String> words() {
    List<String> words = new ArrayList<>(options);
    words.add("--for=" + length.toMillis() + "ms");
    words.add("--faults=" + faults);
    words.add("--seed=" + seed);
    return words;
  }

  /// Half a line for a person.
  public String text() {
    return "%s %s, %s".formatted(app, role.word(), role == Role.CONTROL ? "no faults" : faults);
  }
}
