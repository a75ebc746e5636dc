package dev.gretchen.chaos.plan;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Skipped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// Lays faults out over a load.
///
/// The first round takes each selected kind once, in an order of the seed but for a kill of an
/// owner, which comes first, and the rolling restart, which comes last, and leaves out what no
/// longer fits, and what has nobody to hit. More rounds follow while there is room for them with a
/// comfortable calm. What remains of the window is dealt out at random as calm between the faults.
/// Where that is little, a step follows the healing of the one ahead of it, so that no time is
/// lost; where it is ample, a step has a place in the load of its own, so that slow healing does
/// not push all that follow.
///
/// **What lasts.** Which kinds fit is drawn before they are put in order. Then those that change
/// the app or its topics for good ([Demands#isLasting]) go to the end of their round: the first
/// round meets the app as it was asked for, the next one meets it upgraded, reconfigured and with
/// more partitions, and takes back what can be taken back. Of workers that were added, no more than
/// [#ADDED_MAX] are there at a time, however long the load.
final class Planner {
  /// The least calm between the healing of a fault and the next fault.
  static final Duration CALM_MIN = Duration.ofMillis(500);

  /// The calm that a fault beyond the first round must leave room for.
  static final Duration CALM_COMFORTABLE = Duration.ofSeconds(6);

  /// Beyond that many, a plan ends early; hours of load have fewer.
  static final int STEPS_MAX = 10_000;

  /// How many workers more than there were at first a plan has at a time.
  static final int ADDED_MAX = 2;

  /// The shortest load that is asked for.
  private static final Duration LOAD_MIN = Duration.ofSeconds(20);

  /// Calm from which on a step gets a place of its own.
  private static final Duration CALM_AMPLE = Duration.ofSeconds(3);

  private static final double FRACTION_UNITS = 10_000;

  private record Choice(FaultKind kind, Map<String, Long> parameters) {
    Duration budget() {
      return Step.budget(kind, parameters);
    }
  }

  private final Setting setting;
  private final SplittableRandom random;
  private final Draw draw;
  private int added;

  Planner(Setting setting) {
    this.setting = setting;
    this.random = new SplittableRandom(setting.seed());
    this.draw = new Draw(setting, random);
  }

  Plan plan() {
    List<Choice> chosen = new ArrayList<>();
    List<Skipped> leftOut = new ArrayList<>();
    List<FaultKind> possible = possible(leftOut);
    Duration room = firstRound(possible, chosen, leftOut);
    furtherRounds(possible, chosen, room);
    return new Plan(setting.seed(), setting.load(), layOut(chosen), leftOut);
  }

  /// The shortest load, in whole seconds, that surely has time for each of some kinds once.
  ///
  /// @param calm between them, at the least
  static Duration lengthFor(Set<FaultKind> kinds, Duration calm) {
    Duration load = LOAD_MIN;
    while (needed(kinds, calm, load).compareTo(Setting.window(load)) > 0) {
      load = load.plusSeconds(1);
    }
    return load;
  }

  private static Duration needed(Set<FaultKind> kinds, Duration calm, Duration load) {
    Duration least = calm.compareTo(CALM_MIN) < 0 ? CALM_MIN : calm;
    Duration needed = Duration.ZERO;
    for (FaultKind kind : kinds) {
      needed = needed.plus(kind.budget()).plus(Draw.extraMax(kind, load)).plus(least);
    }
    return needed;
  }

  private List<FaultKind> possible(List<Skipped> leftOut) {
    List<FaultKind> possible = new ArrayList<>();
    for (FaultKind kind : setting.selection().kinds()) {
      Demands.missing(kind, setting)
          .ifPresentOrElse(why -> leftOut.add(Skipped.of(kind, why)), () -> possible.add(kind));
    }
    return possible;
  }

  private List<FaultKind> shuffled(List<FaultKind> possible) {
    List<FaultKind> kinds = new ArrayList<>(possible);
    Collections.shuffle(kinds, random);
    return kinds;
  }

  private Duration firstRound(
      List<FaultKind> possible, List<Choice> chosen, List<Skipped> leftOut) {
    List<FaultKind> order = shuffled(possible);
    if (order.remove(FaultKind.KILL_OWNER)) {
      order.addFirst(FaultKind.KILL_OWNER);
    }
    // the longest, and harmless: what does not fit any more is the end of it
    if (order.remove(FaultKind.ROLLING_RESTART)) {
      order.addLast(FaultKind.ROLLING_RESTART);
    }
    Duration room = setting.window();
    for (FaultKind kind : order) {
      Choice choice = choose(kind);
      Duration needed = choice.budget().plus(CALM_MIN);
      if (needed.compareTo(room) <= 0 || chosen.isEmpty()) {
        chosen.add(choice);
        count(kind);
        room = room.minus(needed);
      } else {
        leftOut.add(Skipped.noTime(kind, setting.load()));
      }
    }
    lastingLast(chosen);
    return room;
  }

  private void furtherRounds(List<FaultKind> possible, List<Choice> chosen, Duration before) {
    Duration room = before;
    boolean full = chosen.isEmpty();
    while (!full) {
      List<Choice> round = new ArrayList<>();
      for (FaultKind kind : shuffled(possible)) {
        if (kind == FaultKind.ADD_WORKER && added >= ADDED_MAX) {
          continue;
        }
        Choice choice = choose(kind);
        Duration needed = choice.budget().plus(CALM_COMFORTABLE);
        full = needed.compareTo(room) > 0 || chosen.size() + round.size() >= STEPS_MAX;
        if (full) {
          break;
        }
        round.add(choice);
        room = room.minus(needed);
        count(kind);
      }
      full |= round.isEmpty();
      lastingLast(round);
      chosen.addAll(round);
    }
  }

  private void count(FaultKind kind) {
    if (kind == FaultKind.ADD_WORKER) {
      added++;
    } else if (kind == FaultKind.REMOVE_WORKER) {
      added = Math.max(0, added - 1);
    }
  }

  private static void lastingLast(List<Choice> round) {
    round.sort(Comparator.comparing(choice -> Demands.isLasting(choice.kind())));
  }

  private Choice choose(FaultKind kind) {
    return new Choice(kind, draw.parameters(kind));
  }

  private List<Step> layOut(List<Choice> choices) {
    Duration busy = choices.stream().map(Choice::budget).reduce(Duration.ZERO, Duration::plus);
    Duration least = CALM_MIN.multipliedBy(Math.max(0, choices.size() - 1));
    long slack = Math.max(0, setting.window().minus(busy).minus(least).toMillis());
    long[] extra = deal(slack, choices.size() + 1);
    List<Step> steps = new ArrayList<>();
    Duration at = setting.lead();
    for (int i = 0; i < choices.size(); i++) {
      Choice choice = choices.get(i);
      FaultKind kind = choice.kind();
      Duration calm = Duration.ofMillis(extra[i]).plus(i == 0 ? Duration.ZERO : CALM_MIN);
      at = at.plus(calm);
      steps.add(
          new Step(i + 1, kind, draw.target(kind), trigger(i, calm, at), choice.parameters()));
      at = at.plus(choice.budget());
    }
    return steps;
  }

  /// Splits an amount at random into so many parts.
  private long[] deal(long amount, int parts) {
    double[] weights = random.doubles(parts, 0.2, 1.0).toArray();
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    long[] result = new long[parts];
    for (int i = 0; i < parts; i++) {
      result[i] = (long) (amount * weights[i] / sum);
    }
    return result;
  }

  private Trigger trigger(int index, Duration calm, Duration at) {
    boolean byProgress = random.nextInt(3) > 0;
    if (index > 0 && calm.compareTo(CALM_AMPLE) < 0) {
      return new Trigger.AfterHealed(calm);
    }
    double fraction = (double) at.toMillis() / setting.load().toMillis();
    return byProgress
        ? new Trigger.AtProgress(Math.min(1, Math.ceil(fraction * FRACTION_UNITS) / FRACTION_UNITS))
        : new Trigger.AtTime(at);
  }
}
