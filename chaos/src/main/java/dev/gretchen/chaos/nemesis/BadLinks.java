package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.nemesis.LinkTargets.Linked;
import dev.gretchen.chaos.plan.Step;
import dev.gretchen.chaos.proxy.Direction;
import dev.gretchen.chaos.proxy.InForce;
import dev.gretchen.chaos.proxy.RoundTrip;
import dev.gretchen.chaos.proxy.Rule;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// N3, N6, N8, N9, N10, N11: links that lose, delay, squeeze, slice or reset what passes.
final class BadLinks {
  private static final Duration ROUND_TRIP_TIMEOUT = Duration.ofSeconds(3);

  private final LinkTargets targets;
  private final Healing healing;

  BadLinks(Field field, Targets targets, Healing healing) {
    this.targets = new LinkTargets(field, targets);
    this.healing = healing;
  }

  void loseReplies(Incident incident) throws InterruptedException {
    hold(incident, new Rule.Swallow(Set.of(Direction.FROM_BROKER)));
  }

  void halfOpen(Incident incident) throws InterruptedException {
    hold(incident, new Rule.Swallow(Direction.BOTH));
  }

  void slow(Incident incident) throws InterruptedException {
    Duration most = Duration.ofMillis(incident.step().parameter("delay-ms"));
    hold(incident, new Rule.Delay(most.dividedBy(2), most));
  }

  void narrow(Incident incident) throws InterruptedException {
    hold(incident, new Rule.Bandwidth(integer(incident.step(), "bytes-per-s")));
  }

  void slice(Incident incident) throws InterruptedException {
    hold(incident, new Rule.Slice(integer(incident.step(), "bytes"), Duration.ofNanos(100_000)));
  }

  void reset(Incident incident) throws InterruptedException {
    Optional<Linked> linked = targets.linked(incident);
    if (linked.isEmpty()) {
      return;
    }
    incident.actsNow();
    int reset = 0;
    for (int i = 0; i < incident.step().parameter("times"); i++) {
      reset += linked.get().link().resetConnections(Set.of());
      Thread.sleep(incident.step().parameter("gap-ms"));
    }
    if (reset > 0) {
      incident.observed(reset + " connections reset");
    } else {
      incident.missing("there was no connection to reset");
    }
    healing.worker(incident, linked.get().worker());
  }

  private void hold(Incident incident, Rule rule) throws InterruptedException {
    Optional<Linked> linked = targets.linked(incident);
    if (linked.isEmpty()) {
      return;
    }
    int port = linked.get().link().ports().values().stream().min(Integer::compare).orElseThrow();
    String before = roundTrip(port);
    incident.actsNow();
    try (InForce force = linked.get().link().apply(rule)) {
      long until = System.nanoTime() + incident.step().parameter("hold-ms") * 1_000_000;
      String during = roundTrip(port);
      Thread.sleep(Math.max(0, until - System.nanoTime()) / 1_000_000);
      LinkTargets.prove(incident, force);
      incident.observed("round trip " + before + " before, " + during + " meanwhile");
    }
    healing.worker(incident, linked.get().worker());
  }

  private static String roundTrip(int port) {
    return RoundTrip.measure(port, ROUND_TRIP_TIMEOUT)
        .map(took -> "%.1f ms".formatted(took.toNanos() / 1e6))
        .orElse("none");
  }

  private static int integer(Step step, String name) {
    return Math.toIntExact(step.parameter(name));
  }
}
