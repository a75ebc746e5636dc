package dev.gretchen.apps.feedchat.push;

import java.util.OptionalLong;

/// Whether a user is banned, as this worker knows at this moment. Any thread; does not wait.
@FunctionalInterface
public interface BanLookup {

  /// The version of the ban in force; empty if there is none.
  OptionalLong banOf(String user);
}
