package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.contract.AppliedOffsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How what is applied of one source partition grew: each event belongs to the commit that called
/// it applied first. Where events are applied in their order, that cuts the partition into
/// stretches. Commits that called nothing new applied count for nothing.
final class CommitLine {

  private final String topic;
  private final int partition;
  private long[] ends = new long[16];
  private long[] epochs = new long[16];
  private long[] nanos = new long[16];
  private @Nullable Seen[] first = new Seen[16];
  private int size;

  /// Offset -> the number of its commit, plus one; 0 for none.
  private int[] commits = new int[64];

  private long applied;

  CommitLine(String topic, int partition) {
    this.topic = topic;
    this.partition = partition;
  }

  void add(CommittedOffset commit) {
    AppliedOffsets said = commit.applied();
    if (!covers(said)) {
      return;
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, size * 2);
      epochs = Arrays.copyOf(epochs, size * 2);
      nanos = Arrays.copyOf(nanos, size * 2);
      first = Arrays.copyOf(first, size * 2);
    }
    ends[size] = commit.offset();
    epochs[size] = said.epoch();
    nanos[size++] = commit.nanos();
  }

  /// Gives the next commit what nobody has called applied before it; whether there is any.
  private boolean covers(AppliedOffsets said) {
    boolean any = false;
    if (said.end() > commits.length) {
      commits = Arrays.copyOf(commits, (int) Math.max(said.end(), 2L * commits.length));
    }
    while (applied < said.end() && commits[(int) applied] != 0) {
      applied++;
    }
    for (long event = applied; event < said.end(); event++) {
      if (commits[(int) event] == 0 && said.contains(event)) {
        commits[(int) event] = size + 1;
        any = true;
      }
    }
    return any;
  }

  int partition() {
    return partition;
  }

  /// The offset of the last commit, 0 where there was none.
  long end() {
    return size == 0 ? 0 : ends[size - 1];
  }

  /// The commit that called an event applied first, -1 where none did.
  int find(long event) {
    return event < commits.length ? commits[(int) event] - 1 : -1;
  }

  /// The epoch that a commit names, [AppliedOffsets#NO_EPOCH] where it names none.
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
        + (epochs[commit] == AppliedOffsets.NO_EPOCH ? "" : " in epoch " + epochs[commit]);
  }
}
