package dev.gretchen.chaos.broker;

import dev.gretchen.chaos.EnvironmentFailure;
import java.nio.file.Path;

/// Why a broker died, read from the end of its log.
///
/// @param portTaken whether another start with other ports may succeed
record StartFailure(String sentence, boolean portTaken, String tail) {
  static final int TAIL_LINES = 15;

  static StartFailure of(int broker, int exitStatus, Path folder, String tail) {
    String name = "Broker " + broker;
    if (tail.contains("No space left on device")) {
      return new StartFailure(
          name + " died because the disk that holds " + folder + " is full; free some space.",
          false,
          tail);
    }
    if (tail.contains("Address already in use")) {
      return new StartFailure(
          name + " died because another program took its port; try again.", true, tail);
    }
    if (tail.contains("Could not find or load main class")) {
      return new StartFailure(
          name + " did not start because its class path lacks the Kafka server; check the build.",
          false,
          tail);
    }
    return new StartFailure(
        name + " died with exit status " + exitStatus + "; the end of its log says why.",
        false,
        tail);
  }

  EnvironmentFailure toException() {
    return new EnvironmentFailure(tail.isBlank() ? sentence : sentence + "\n" + tail.indent(2));
  }
}
