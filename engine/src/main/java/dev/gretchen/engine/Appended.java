package dev.gretchen.engine;

/// What became of a record that was written to a topic outside handlers ([TopicWriter]).
public sealed interface Appended {

  /// It is in the log, on all replicas that are in sync.
  record Acknowledged(int partition, long offset) implements Appended {}

  /// It is not, and never will be.
  record Rejected(String why) implements Appended {}

  /// Nobody knows: it may be there, now or later.
  record Indeterminate(String why) implements Appended {}
}
