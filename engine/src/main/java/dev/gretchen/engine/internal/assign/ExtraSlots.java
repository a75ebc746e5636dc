package dev.gretchen.engine.internal.assign;

import java.util.Arrays;

/// Who gets one task more than the others, group by group, so that all is even.
///
/// Each of n members gets floor(p / n) tasks of a group with p tasks, and p mod n members get one
/// more, an *extra*. Sums over all groups differ by at most one exactly where the numbers of extras
/// do. Among all such choices this finds one of the greatest worth, as a flow of least cost: source
/// to group (its extras), group to member (at most one, at minus its worth), member to sink (the
/// even share of all extras at a price that no worth can outbid, and one more for nothing).
/// Successive shortest paths by Bellman and Ford (Ahuja, Magnanti, Orlin, *Network Flows*, 9.7):
/// one path for each extra, over some hundreds of edges.
final class ExtraSlots {

  private static final long FAR = Long.MAX_VALUE / 4;

  private final int groups;
  private final int members;
  private final int[] from;
  private final int[] to;
  private final int[] left;
  private final long[] cost;
  private int edges;

  private ExtraSlots(int groups, int members) {
    this.groups = groups;
    this.members = members;
    int most = 2 * (groups + groups * members + 2 * members);
    from = new int[most];
    to = new int[most];
    left = new int[most];
    cost = new long[most];
  }

  /// Chooses.
  ///
  /// @param extras of each group, fewer than there are members
  /// @param worth of an extra of a group to a member: `worth[group][member]`, not negative
  /// @return `extra[group][member]`
  static boolean[][] choose(int[] extras, long[][] worth, int members) {
    ExtraSlots slots = new ExtraSlots(extras.length, members);
    return slots.choose(extras, worth);
  }

  private boolean[][] choose(int[] extras, long[][] worth) {
    int source = groups + members;
    int sink = source + 1;
    int all = Arrays.stream(extras).sum();
    long dear = 1;
    for (long[] row : worth) {
      for (long each : row) {
        dear = Math.addExact(dear, each);
      }
    }
    for (int group = 0; group < groups; group++) {
      edge(source, group, extras[group], 0);
    }
    int first = edges;
    for (int group = 0; group < groups; group++) {
      for (int member = 0; member < members; member++) {
        edge(group, groups + member, 1, -worth[group][member]);
      }
    }
    for (int member = 0; member < members; member++) {
      edge(groups + member, sink, all / members, -dear);
      edge(groups + member, sink, 1, 0);
    }
    for (int i = 0; i < all; i++) {
      augment(source, sink);
    }
    boolean[][] chosen = new boolean[groups][members];
    for (int group = 0; group < groups; group++) {
      for (int member = 0; member < members; member++) {
        chosen[group][member] = left[first + 2 * (group * members + member)] == 0;
      }
    }
    return chosen;
  }

  /// An edge and, behind it, its residual.
  private void edge(int tail, int head, int capacity, long price) {
    from[edges] = tail;
    to[edges] = head;
    left[edges] = capacity;
    cost[edges++] = price;
    from[edges] = head;
    to[edges] = tail;
    left[edges] = 0;
    cost[edges++] = -price;
  }

  private void augment(int source, int sink) {
    long[] distance = new long[groups + members + 2];
    int[] by = new int[distance.length];
    Arrays.fill(distance, FAR);
    distance[source] = 0;
    for (boolean closer = true; closer; ) {
      closer = false;
      for (int edge = 0; edge < edges; edge++) {
        if (left[edge] > 0
            && distance[from[edge]] < FAR
            && distance[from[edge]] + cost[edge] < distance[to[edge]]) {
          distance[to[edge]] = distance[from[edge]] + cost[edge];
          by[to[edge]] = edge;
          closer = true;
        }
      }
    }
    for (int node = sink; node != source; node = from[by[node]]) {
      left[by[node]]--;
      left[by[node] ^ 1]++;
    }
  }
}
