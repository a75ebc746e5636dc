package dev.gretchen.chaos.plan;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Skipped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Lays faults out over a load.
///
/// The first round takes each selected kind once, in an order of the seed but for a kill of an
/// owner, which comes first, and the rolling restart, which comes last, and leaves out what no
/// longer fits. More rounds follow while there is room for them with a comfortable calm. What
/// remains of the window is dealt out at random as calm between the faults. Where that is little, a
/// step follows the healing of the one ahead of it, so that no time is lost; where it is ample, a
/// step has a place in the load of its own, so that slow healing does not push all that follow.
final class Planner {
  /// The least calm between the healing of a fault and the next fault.
  static final Duration CALM_MIN = Duration.ofMillis(500);

  /// The calm that a fault beyond the first round must leave room for.
  static final Duration CALM_COMFORTABLE = Duration.ofSeconds(6);

  /// Beyond that many, a plan ends early; hours of load have fewer.
  static final int STEPS_MAX = 10_000;

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

  Planner(Setting setting) {
    this.setting = setting;
    this.random = new SplittableRandom(setting.seed());
    this.draw = new Draw(setting, random);
  }

  Plan plan() {
    List<Choice> chosen = new ArrayList<>();
    List<Skipped> leftOut = new ArrayList<>();
    furtherRounds(chosen, firstRound(chosen, leftOut));
    return new Plan(setting.seed(), setting.load(), layOut(chosen), leftOut);
  }

  private List<FaultKind> round() {
    List<FaultKind> kinds = new ArrayList<>(setting.selection().kinds());
    Collections.shuffle(kinds, random);
    return kinds;
  }

  private Duration firstRound(List<Choice> chosen, List<Skipped> leftOut) {
    List<FaultKind> order = round();
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
        room = room.minus(needed);
      } else {
        leftOut.add(
            Skipped.of(
                kind, "a load of " + setting.load().toSeconds() + " s has no time left for it"));
      }
    }
    return room;
  }

  private void furtherRounds(List<Choice> chosen, Duration before) {
    Duration room = before;
    while (!chosen.isEmpty()) {
      for (FaultKind kind : round()) {
        Choice choice = choose(kind);
        Duration needed = choice.budget().plus(CALM_COMFORTABLE);
        if (needed.compareTo(room) > 0 || chosen.size() >= STEPS_MAX) {
          return;
        }
        chosen.add(choice);
        room = room.minus(needed);
      }
    }
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
