package dev.gretchen.engine.internal.channel;

import java.util.List;

/// A channel as an app declares it.
///
/// @param capacity values that may wait for one of its agents
/// @param readers each has every value; where there is none, whoever takes a value has it alone
public record ChannelSpec(String name, int capacity, List<ChannelReader> readers) {

  private static final int CAPACITY_MAX = 100_000;

  public ChannelSpec {
    if (capacity < 1 || capacity > CAPACITY_MAX) {
      throw new IllegalArgumentException(
          "channel "
              + name
              + ": expected a capacity from 1 to "
              + CAPACITY_MAX
              + ", found "
              + capacity
              + "; what is full holds back whoever sends, so it need not be large");
    }
    readers = List.copyOf(readers);
  }
}
