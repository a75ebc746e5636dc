package dev.gretchen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.JoinRig.Arriving;
import dev.gretchen.engine.internal.join.Side;
import dev.gretchen.engine.internal.store.StoreKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// Joins of two streams against the plainest join there is, which compares each event with each.
class StreamJoinPropertyTest {

  private static final long FAR = 1_000_000;

  enum Kind {
    INNER,
    LEFT,
    OUTER
  }

  /// What two streams are to give, by their own orders alone.
  private record Truth(Kind kind, long before, long after, long grace) {

    List<String> of(List<Arriving> left, List<Arriving> right) {
      List<Arriving> lefts = inTime(left);
      List<Arriving> rights = inTime(right);
      List<String> told = new ArrayList<>();
      for (Arriving l : lefts) {
        if (kind != Kind.INNER && rights.stream().noneMatch(r -> meet(l, r))) {
          told.add(l.key() + ":" + l.value() + "+-@" + l.time());
        }
        for (Arriving r : rights) {
          if (meet(l, r)) {
            told.add(
                l.key() + ":" + l.value() + "+" + r.value() + "@" + Math.max(l.time(), r.time()));
          }
        }
      }
      for (Arriving r : rights) {
        if (kind == Kind.OUTER && lefts.stream().noneMatch(l -> meet(l, r))) {
          told.add(r.key() + ":-+" + r.value() + "@" + r.time());
        }
      }
      return told;
    }

    private boolean meet(Arriving l, Arriving r) {
      return l.key().equals(r.key())
          && l.time() - before <= r.time()
          && r.time() <= l.time() + after;
    }

    private List<Arriving> inTime(List<Arriving> side) {
      List<Arriving> inTime = new ArrayList<>();
      long latest = 0;
      for (Arriving event : side) {
        latest = Math.max(latest, event.time());
        if (event.time() + grace >= latest) {
          inTime.add(event);
        }
      }
      return inTime;
    }
  }

  @Property(tries = 400)
  void anyOrderOfTwoStreamsGivesEachPairAndEachLoneEventOnceThroughCrashes(
      @ForAll Kind kind,
      @ForAll @IntRange(max = 6) int before,
      @ForAll @IntRange(max = 6) int after,
      @ForAll @IntRange(max = 8) int grace,
      @ForAll @Size(max = 40) List<@IntRange(max = 255) Integer> script,
      @ForAll long seed) {
    List<Arriving> left = new ArrayList<>();
    List<Arriving> right = new ArrayList<>();
    for (int i = 0; i < script.size(); i++) {
      int drawn = script.get(i);
      Side side = drawn % 2 == 0 ? Side.LEFT : Side.RIGHT;
      List<Arriving> events = side == Side.LEFT ? left : right;
      String key = "k" + drawn / 2 % 2;
      String value = (side == Side.LEFT ? "l" : "r") + events.size();
      events.add(new Arriving(side, key, value, i + drawn / 4 % 12));
    }
    JoinRig rig = rig(kind, window(before, after, grace));

    Random chance = new Random(seed);
    arriveAnyhow(rig, left, right, chance);
    rig.arrive(new Arriving(Side.LEFT, "end", "l", FAR));
    rig.arrive(new Arriving(Side.RIGHT, "of all", "r", FAR));
    rig.commit();

    assertThat(rig.app().fatal()).isEmpty();
    assertThat(rig.told())
        .containsExactlyInAnyOrderElementsOf(new Truth(kind, before, after, grace).of(left, right));
    assertThat(rig.stored())
        .as("of all events only the last two are held")
        .filteredOn(key -> StoreKeys.isData(key.bytes()))
        .hasSize(2);
    assertThat(rig.stored()).as("with their places in line, and what time it is").hasSize(6);
    assertThat(rig.changelog()).as("and so in the changelog").isEqualTo(rig.stored());
  }

  /// Each side keeps its order; between them is none. Commits and crashes come in between.
  private static void arriveAnyhow(
      JoinRig rig, List<Arriving> left, List<Arriving> right, Random chance) {
    int bias = 1 + chance.nextInt(9); // from one side after the other to one by one
    int l = 0;
    int r = 0;
    while (l < left.size() || r < right.size()) {
      boolean isLeft = r == right.size() || (l < left.size() && chance.nextInt(10) < bias);
      rig.arrive(isLeft ? left.get(l++) : right.get(r++));
      switch (chance.nextInt(6)) {
        case 0, 1 -> rig.commit();
        case 2 -> rig.die();
        default -> {
          // goes on in the open epoch
        }
      }
    }
  }

  static JoinWindow window(long before, long after, long grace) {
    return JoinWindow.between(Duration.ofMillis(before), Duration.ofMillis(after))
        .grace(Duration.ofMillis(grace));
  }

  private static JoinRig rig(Kind kind, JoinWindow window) {
    return new JoinRig(
        window,
        (join, handler) -> {
          switch (kind) {
            case INNER -> join.inner(handler);
            case LEFT -> join.left(handler);
            case OUTER -> join.outer(handler);
          }
        });
  }
}
