package dev.gretchen.simulation;

import dev.gretchen.simulation.judge.SimFault;
import dev.gretchen.testkit.kafka.Disturbance;
import dev.gretchen.testkit.kafka.Fate;
import dev.gretchen.testkit.kafka.Request;
import dev.gretchen.testkit.link.LinkWeather;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.protocol.Errors;

/// What the network is like at the moment: how long things take, what is lost, who is cut off.
final class Weather implements Disturbance, LinkWeather {

  /// A broken connection is noticed after this time at the latest.
  private static final long NOTICED_NANOS = 200_000_000;

  private static final String EVERYBODY = " *";

  private final Scheduler scheduler;
  private final Effects effects;
  private final Evictions evictions;
  private final long latencyNanos;
  private final Map<String, Long> cutOffUntil = new HashMap<>();
  private final List<Aimed> aimed = new ArrayList<>();
  private final Map<String, Long> mute = new HashMap<>();
  private final Map<String, Long> cutLinks = new HashMap<>();
  private final Map<String, Refusal> refusals = new HashMap<>();
  private long lossesUntil;
  private double losses;
  private long slowUntil;
  private int slowness = 1;
  private long heldUpUntil;

  private record Refusal(Errors error, long until) {}

  /// Something that is to happen to the n-th request of a kind.
  private static final class Aimed {
    final String slot;
    final String api;
    final long delayNanos;
    int left;

    Aimed(String slot, String api, int nth, long delayNanos) {
      this.slot = slot;
      this.api = api;
      this.left = nth;
      this.delayNanos = delayNanos;
    }
  }

  /// @param evictions is told what workers ask for
  Weather(Scheduler scheduler, Effects effects, int latencyMicros, Evictions evictions) {
    this.evictions = evictions;
    this.scheduler = scheduler;
    this.effects = effects;
    this.latencyNanos = latencyMicros * 1_000L;
  }

  void cutOff(String slot, Duration length) {
    cutOffUntil.merge(slot, scheduler.now() + length.toNanos(), Math::max);
  }

  /// Nothing gets through between two workers, or one way only.
  void cutLink(String from, String to, boolean oneWay, Duration length) {
    long until = scheduler.now() + length.toNanos();
    cutLinks.merge(from + " " + to, until, Math::max);
    if (!oneWay) {
      cutLinks.merge(to + " " + from, until, Math::max);
    }
  }

  /// No other worker hears one.
  void mute(String slot, Duration length) {
    cutLinks.merge(slot + EVERYBODY, scheduler.now() + length.toNanos(), Math::max);
  }

  /// Whether nothing is in anybody's way.
  boolean isClear() {
    long now = scheduler.now();
    return cutOffUntil.values().stream().noneMatch(until -> until > now)
        && cutLinks.values().stream().noneMatch(until -> until > now)
        && mute.values().stream().noneMatch(until -> until > now)
        && refusals.values().stream().noneMatch(refusal -> refusal.until > now)
        && aimed.isEmpty()
        && lossesUntil <= now
        && slowUntil <= now;
  }

  void loseReply(String slot, String api, int nth) {
    aimed.add(new Aimed(slot, api, nth, 0));
  }

  /// For a while requests of a kind are carried out, and nobody hears of it: the link to one broker
  /// lets through one way.
  void loseReplies(String slot, String api, Duration length) {
    mute.merge(slot + " " + api, scheduler.now() + length.toNanos(), Math::max);
  }

  void delay(String slot, String api, int nth, Duration by) {
    aimed.add(new Aimed(slot, api, nth, by.toNanos()));
  }

  void refuse(String api, Errors error, Duration length) {
    refusals.put(api, new Refusal(error, scheduler.now() + length.toNanos()));
  }

  void losses(double probability, Duration length) {
    losses = probability;
    lossesUntil = scheduler.now() + length.toNanos();
  }

  void slow(int factor, Duration length) {
    slowness = factor;
    slowUntil = scheduler.now() + length.toNanos();
  }

  /// Nothing disturbs any more, but for what is on its way.
  void clear() {
    cutOffUntil.clear();
    // when they ended is remembered: it is what an eviction that follows is excused with
    cutLinks.replaceAll((_, until) -> Math.min(until, scheduler.now()));
    aimed.clear();
    mute.clear();
    refusals.clear();
    lossesUntil = 0;
    slowUntil = 0;
  }

  /// Whether every request that was held up has arrived.
  boolean hasDelivered() {
    return heldUpUntil <= scheduler.now();
  }

  @Override
  public Fate fateOf(SimProcess from, Request<?> request) {
    RandomGenerator random = scheduler.random();
    long now = scheduler.now();
    long there = latency(random);
    long back = latency(random);
    if (from.name().equals(SimulatedLoad.PROCESS)) {
      return new Fate.Delivered(there, back);
    }
    evictions.asked(from, request);
    if (cutOffUntil.getOrDefault(from.name(), 0L) > now) {
      effects.tookOnce("cut off", from.name(), SimFault.Nature.UNCERTAIN);
      return new Fate.RequestLost(1 + random.nextLong(NOTICED_NANOS));
    }
    for (Iterator<Aimed> all = aimed.iterator(); all.hasNext(); ) {
      Aimed each = all.next();
      if (each.slot.equals(from.name()) && each.api.equals(request.api()) && --each.left == 0) {
        all.remove();
        effects.took(
            (each.delayNanos == 0 ? "lost reply to " : "late ") + each.api,
            from.name(),
            SimFault.Nature.UNCERTAIN);
        if (each.delayNanos == 0) {
          return new Fate.ReplyLost(there, back);
        }
        heldUpUntil = Math.max(heldUpUntil, now + each.delayNanos);
        return new Fate.Delivered(each.delayNanos, back);
      }
    }
    if (mute.getOrDefault(from.name() + " " + request.api(), 0L) > now) {
      effects.tookOnce("lost replies to " + request.api(), from.name(), SimFault.Nature.UNCERTAIN);
      return new Fate.ReplyLost(there, 1 + random.nextLong(NOTICED_NANOS));
    }
    Refusal refusal = refusals.get(request.api());
    if (refusal != null && refusal.until > now) {
      effects.tookOnce("refused", request.api(), SimFault.Nature.UNCERTAIN);
      return new Fate.Refused(there + back, refusal.error);
    }
    if (lossesUntil > now && random.nextDouble() < losses) {
      effects.tookOnce("losses", from.name(), SimFault.Nature.UNCERTAIN);
      return random.nextBoolean()
          ? new Fate.RequestLost(1 + random.nextLong(NOTICED_NANOS))
          : new Fate.ReplyLost(there, 1 + random.nextLong(NOTICED_NANOS));
    }
    return new Fate.Delivered(there, back);
  }

  @Override
  public long latencyNanos(String from, String to) {
    return latencyNanos / 4 + scheduler.random().nextLong(latencyNanos);
  }

  @Override
  public long cutUntil(String from, String to) {
    return Math.max(
        cutLinks.getOrDefault(from + " " + to, 0L), cutLinks.getOrDefault(from + EVERYBODY, 0L));
  }

  private long latency(RandomGenerator random) {
    long usual = latencyNanos / 4 + random.nextLong(latencyNanos);
    if (slowUntil <= scheduler.now()) {
      return usual;
    }
    effects.tookOnce("slow", "brokers", SimFault.Nature.UNCERTAIN);
    return usual * slowness;
  }
}
