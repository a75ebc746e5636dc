package dev.gretchen.testkit.sim;

/// Unwinds a fiber whose process was killed. Thrown at each point where the fiber would wait or
/// touch the outside; what runs on the way out finds everything outside gone.
public final class Killed extends Error {

  private static final long serialVersionUID = 1L;

  Killed(String process) {
    super("process " + process + " was killed", null, false, false);
  }
}
