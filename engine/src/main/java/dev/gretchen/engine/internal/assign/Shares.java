package dev.gretchen.engine.internal.assign;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// What each member gets.
///
/// @param byMember member id -> its share, in the order of the members' names
/// @param isHeldBack whether tasks that could move for evenness stayed where they are, because it
///   was not the time for it
public record Shares(SequencedMap<String, Share> byMember, boolean isHeldBack) {

  public Shares {
    byMember = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(byMember));
  }
}
