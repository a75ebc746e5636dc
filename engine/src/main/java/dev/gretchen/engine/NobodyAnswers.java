package dev.gretchen.engine;

/// A key was asked for and no worker could answer: its partition is on its way to another worker,
/// say, and nobody stands by. Ask again later.
public final class NobodyAnswers extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NobodyAnswers(String table, String why) {
    super("nobody can answer for table " + table + " now: " + why);
  }
}
