package dev.gretchen.verifier.check;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// A partition of a topic that an app reads, and all the work that it makes: what one worker owns
/// at a time.
public record InputTask(String topic, int partition) implements Comparable<InputTask> {

  private static final Comparator<InputTask> ORDER =
      Comparator.comparing(InputTask::topic).thenComparingInt(InputTask::partition);

  /// Reads `colors-3`; null where it is none.
  public static @Nullable InputTask parse(String text) {
    int hyphen = text.lastIndexOf('-');
    try {
      return hyphen < 1
          ? null
          : new InputTask(
              text.substring(0, hyphen),
              Integer.parseUnsignedInt(text, hyphen + 1, text.length(), 10));
    } catch (NumberFormatException _) {
      return null;
    }
  }

  @Override
  public int compareTo(InputTask other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return topic + "-" + partition;
  }
}
