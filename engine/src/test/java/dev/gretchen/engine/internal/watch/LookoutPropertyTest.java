package dev.gretchen.engine.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.assign.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Lookouts that watch each other while processes die, freeze and stall, and links between them are
/// cut, one way or both.
class LookoutPropertyTest {

  private static final long MILLI = 1_000_000;
  private static final long TICK = 50 * MILLI;
  private static final WatchSettings SETTINGS = WatchSettings.standard();

  @Property(tries = 300)
  void evictsNobodyWithoutCause(@ForAll long seed) {
    new World(seed, true).run(60_000);
  }

  /// A stalled one is frozen, and stalls no more when it is thawed: nobody can have heard of that.
  @Example
  void evictsForWhatWasSaidLast() {
    new World(934_565, true).run(60_000);
  }

  /// Where all see the same, one acts.
  @Property(tries = 200)
  void oneEvictsWhereAllSeeTheSame(@ForAll long seed) {
    World world = new World(seed, false);
    world.run(60_000);
    world.evictors.forEach((life, evictors) -> assertThat(evictors).as(life).hasSize(1));
  }

  private static final class Node {
    final int number;
    final Lookout lookout;
    final Map<String, Long> heardOf = new HashMap<>();
    final Set<String> heardStalled = new TreeSet<>();
    final Map<String, Long> evictedSlots = new HashMap<>();
    final Map<String, Long> said = new HashMap<>();
    int life;
    long counter;
    boolean dead;
    boolean frozen;
    boolean stalled;
    long actsFrom;

    Node(int number) {
      this.number = number;
      this.lookout = new Lookout(instance(number), SETTINGS);
    }

    static String instance(int number) {
      return "w" + number + "-a";
    }

    Peer peer() {
      return new Peer(
          instance(number) + ":" + life,
          "w" + number,
          "a",
          "",
          "",
          "h",
          "t" + number,
          new TreeSet<>(),
          new TreeSet<>());
    }

    boolean acts() {
      return !dead && !frozen;
    }
  }

  private static final class World {
    final RandomGenerator random;
    final List<Node> nodes = new ArrayList<>();
    final boolean[][] cut;
    final Set<Integer> members = new TreeSet<>();
    final Map<String, Set<Integer>> evictors = new HashMap<>();
    final boolean hasCuts;
    long now = 1_000 * MILLI;

    World(long seed, boolean hasCuts) {
      random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      this.hasCuts = hasCuts;
      int count = 2 + random.nextInt(5);
      cut = new boolean[count][count];
      for (int i = 0; i < count; i++) {
        nodes.add(new Node(i));
        members.add(i);
      }
      assign();
    }

    void run(long millis) {
      for (long end = now + millis * MILLI; now < end; now += TICK) {
        if (random.nextInt(60) == 0) {
          disturb();
        }
        for (Node node : nodes) {
          if (node.acts() && members.contains(node.number)) {
            pulse(node);
          }
        }
        for (Node node : nodes) {
          if (node.acts() && members.contains(node.number)) {
            for (Decision decision : node.lookout.look(now)) {
              if (decision instanceof Decision.Evict evict) {
                judge(node, evict);
                node.lookout.evicting(evict.peers(), now);
                carryOut(node, evict);
              }
            }
          }
        }
      }
    }

    private void disturb() {
      Node node = nodes.get(random.nextInt(nodes.size()));
      switch (random.nextInt(6)) {
        case 0 -> {
          if (hasCuts || nodes.stream().filter(each -> !each.dead).count() > 3) {
            die(node);
          }
        }
        case 1 -> {
          if (hasCuts) {
            node.frozen = true;
          }
        }
        case 2 -> {
          node.frozen = false;
          node.actsFrom = now;
        }
        case 3 -> node.stalled = hasCuts && random.nextBoolean();
        case 4 -> {
          int to = random.nextInt(nodes.size());
          cut[node.number][to] = hasCuts;
          if (random.nextBoolean()) {
            cut[to][node.number] = hasCuts;
          }
        }
        default -> {
          for (boolean[] row : cut) {
            java.util.Arrays.fill(row, false);
          }
        }
      }
    }

    private void die(Node node) {
      node.dead = true;
      nodes.forEach(other -> other.lookout.refused(Node.instance(node.number)));
    }

    private void pulse(Node node) {
      if (!node.stalled) {
        node.counter++;
      }
      Set<Life> suspects = node.lookout.suspects();
      suspects.forEach(life -> node.said.put(life.member(), now));
      for (Node other : nodes) {
        if (other != node && other.acts() && !cut[node.number][other.number]) {
          other.heardOf.put(node.peer().member(), now);
          if (node.stalled) {
            other.heardStalled.add(node.peer().member());
          } else {
            other.heardStalled.remove(node.peer().member());
          }
          other.lookout.heard(
              new Message.Pulse(Node.instance(node.number), node.counter, suspects), now);
        }
      }
    }

    private void judge(Node by, Decision.Evict evict) {
      for (Peer peer : evict.peers()) {
        Node victim = nodes.get(Integer.parseInt(peer.worker().substring(1)));
        evictors.computeIfAbsent(peer.member(), _ -> new TreeSet<>()).add(by.number);
        assertThat(victim).as("nobody evicts itself").isNotSameAs(by);
        if (victim.dead) {
          continue;
        }
        boolean silent = now - heard(by, victim) > SETTINGS.silentAfter().toNanos();
        // by what could be heard: a process may be frozen, or cut off, before it can say more
        boolean stalled = by.heardStalled.contains(peer.member());
        assertThat(silent || stalled).as("%s has a reason", peer).isTrue();
        assertThat(now - by.actsFrom).as("its own absence is no reason").isGreaterThanOrEqualTo(0);
        List<Node> others =
            nodes.stream()
                .filter(node -> node != by && node != victim && !node.dead)
                .filter(node -> by.lookout.find(Node.instance(node.number)) != null)
                .toList();
        if (!others.isEmpty()) {
          assertThat(others)
              .as("a second watcher says so of %s", peer)
              .anyMatch(node ->
                  now - node.said.getOrDefault(peer.member(), Long.MIN_VALUE / 2)
                      <= SETTINGS.silentAfter().toNanos() + 2 * TICK);
        }
        if (silent) {
          long silents = others.stream().filter(node -> isSilent(by, node)).count();
          assertThat(2 * (silents + 1) <= others.size() + 1 || others.isEmpty())
              .as("no storm: %d more of %d are silent", silents, others.size())
              .isTrue();
        }
        Long before = by.evictedSlots.put(peer.worker(), now);
        assertThat(before == null || now - before >= SETTINGS.backoff().toNanos())
            .as("back-off")
            .isTrue();
      }
    }

    private boolean isSilent(Node by, Node other) {
      return by.heardOf.containsKey(other.peer().member())
          && now - heard(by, other) > SETTINGS.silentAfter().toNanos() + TICK
          && !by.lookout.isEvicted(Node.instance(other.number));
    }

    private long heard(Node by, Node other) {
      return by.heardOf.getOrDefault(other.peer().member(), now);
    }

    private void carryOut(Node by, Decision.Evict evict) {
      Set<Life> lives = new TreeSet<>();
      for (Peer peer : evict.peers()) {
        lives.add(Life.of(peer));
        Node victim = nodes.get(Integer.parseInt(peer.worker().substring(1)));
        if (victim.dead || victim.frozen) {
          members.remove(victim.number);
        } else {
          victim.life++;
        }
      }
      for (Node other : nodes) {
        if (other == by || (other.acts() && !cut[by.number][other.number])) {
          other.lookout.evicted(lives, now);
        }
      }
      assign();
    }

    private void assign() {
      for (Node node : nodes) {
        if (node.acts() && !members.contains(node.number)) {
          node.life++;
          members.add(node.number);
        }
      }
      Peers peers = new Peers(1, members.stream().map(number -> nodes.get(number).peer()).toList());
      for (Node node : nodes) {
        if (node.acts()) {
          node.lookout.assigned(peers, List.of(), now);
          for (int other : members) {
            if (other != node.number) {
              node.lookout.reached(Node.instance(other));
              if (nodes.get(other).dead) {
                node.lookout.refused(Node.instance(other));
              }
            }
          }
        }
      }
    }
  }
}
