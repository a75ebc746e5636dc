package dev.gretchen.verifier.run;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was opened one after the other, to be closed the other way round, all of it, whatever fails
/// meanwhile. One thread at a time.
public final class Opened implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Opened.class);

  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  /// Takes one more in charge, and gives it back.
  public <T extends AutoCloseable> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  /// Closes the last first; once each.
  @Override
  public void close() {
    for (AutoCloseable next = resources.poll(); next != null; next = resources.poll()) {
      try {
        next.close();
      } catch (Exception failure) {
        LOG.atWarn()
            .addKeyValue("resource", next.getClass().getSimpleName())
            .addKeyValue("cause", failure.toString())
            .log("not closed cleanly");
      }
    }
  }
}
