package dev.gretchen.simulation.judge;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How the committed offset of one source partition rose: it cuts the partition into stretches,
/// each of which was committed at once. Offsets that did not rise cut nothing.
final class CommitLine {

  private final String topic;
  private final int partition;
  private long[] ends = new long[16];
  private long[] epochs = new long[16];
  private long[] nanos = new long[16];
  private @Nullable Seen[] first = new Seen[16];
  private int size;

  CommitLine(String topic, int partition) {
    this.topic = topic;
    this.partition = partition;
  }

  void add(CommittedOffset commit) {
    if (commit.offset() <= end()) {
      return;
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, size * 2);
      epochs = Arrays.copyOf(epochs, size * 2);
      nanos = Arrays.copyOf(nanos, size * 2);
      first = Arrays.copyOf(first, size * 2);
    }
    ends[size] = commit.offset();
    epochs[size] = commit.epoch();
    nanos[size++] = commit.nanos();
  }

  int partition() {
    return partition;
  }

  /// The highest offset that was ever committed, 0 where none was.
  long end() {
    return size == 0 ? 0 : ends[size - 1];
  }

  /// The commit that covered an offset first, -1 where none did.
  int find(long offset) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == size ? -1 : low;
  }

  /// The offset of a commit: everything below it was done.
  long end(int commit) {
    return ends[commit];
  }

  /// The epoch that a commit names, [CommittedOffset#NO_EPOCH] where it names none.
  long epoch(int commit) {
    return epochs[commit];
  }

  /// When a commit became visible, virtual time.
  long nanos(int commit) {
    return nanos[commit];
  }

  /// The first transactional record that was found to belong to a commit, null before.
  @Nullable Seen member(int commit) {
    return first[commit];
  }

  void setMember(int commit, Seen seen) {
    first[commit] = seen;
  }

  /// A commit in words.
  String describe(int commit) {
    return topic
        + "-"
        + partition
        + " up to "
        + ends[commit]
        + (epochs[commit] == CommittedOffset.NO_EPOCH ? "" : " in epoch " + epochs[commit]);
  }
}
