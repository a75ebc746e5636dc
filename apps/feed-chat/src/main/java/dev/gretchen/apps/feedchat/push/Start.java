package dev.gretchen.apps.feedchat.push;

/// Where in a room a client begins.
public sealed interface Start {

  /// Behind the last index that it has seen, 0 for none.
  record After(long index) implements Start {}

  /// With so many of the last posts, perhaps none.
  record Last(int posts) implements Start {}
}
