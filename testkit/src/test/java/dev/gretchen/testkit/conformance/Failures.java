package dev.gretchen.testkit.conformance;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.DisconnectException;
import org.jspecify.annotations.Nullable;

/// How scripts write down what was thrown: class names, down to the cause; never the text.
final class Failures {

  private static final int CAUSES_MAX = 4;

  private Failures() {}

  static String name(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    @Nullable Throwable next = thrown;
    for (int i = 0; next != null && i < CAUSES_MAX; next = next.getCause()) {
      boolean isWrapping =
          next instanceof ExecutionException || next instanceof CompletionException;
      if (isWrapping && next.getCause() != null) {
        continue;
      }
      if (next instanceof DisconnectException && i > 0) {
        // how far a client had come when its time was over
        break;
      }
      text.append(i++ == 0 ? "" : " by ").append(next.getClass().getSimpleName());
    }
    return text.toString();
  }
}
