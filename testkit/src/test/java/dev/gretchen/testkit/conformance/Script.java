package dev.gretchen.testkit.conformance;

import java.util.List;

/// Something that is done with Kafka's clients in one thread, and what can be observed of it.
///
/// Observations hold nothing that depends on timing or chance in a real cluster: a script waits for
/// the stable state, or leaves out what differs.
///
/// @param name of letters only; begins all names that the script uses, so that scripts do not meet
record Script(String name, Play play) {

  private static final String BROKE_OFF = "broke off: ";

  /// What is done.
  @FunctionalInterface
  interface Play {
    void perform(Stage stage) throws Exception;
  }

  /// Performs it.
  ///
  /// @return what was observed, in order
  List<String> run(World world) {
    try (Stage stage = new Stage(name, world)) {
      try {
        play.perform(stage);
      } catch (Exception unexpected) {
        stage.note(BROKE_OFF + Failures.name(unexpected) + " " + unexpected.getMessage());
      }
      return stage.notes();
    }
  }

  /// Whether observations are those of a script that was performed as it was meant.
  static boolean isComplete(List<String> observations) {
    return !observations.isEmpty()
        && observations.stream()
            .noneMatch(line -> line.startsWith(BROKE_OFF) || line.startsWith(Stage.IN_VAIN));
  }

  @Override
  public String toString() {
    return name;
  }
}
