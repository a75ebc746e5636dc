package dev.gretchen.testkit.conformance;

import java.util.List;

/// How two lists of observations differ, in words.
final class Difference {

  private Difference() {}

  /// Both in full, the lines marked that differ from the first difference on.
  static String text(Script script, long seed, List<String> real, List<String> simulated) {
    int same = 0;
    while (same < Math.min(real.size(), simulated.size())
        && real.get(same).equals(simulated.get(same))) {
      same++;
    }
    return """
    Script %s, seed %d: SimKafka differs from real brokers from line %d on.
    Real brokers:
    %sSimKafka:
    %s\
    """
        .formatted(script, seed, same + 1, marked(real, same), marked(simulated, same));
  }

  private static String marked(List<String> lines, int same) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      text.append(i < same ? "    " : "  > ").append(lines.get(i)).append('\n');
    }
    return text.toString();
  }
}
