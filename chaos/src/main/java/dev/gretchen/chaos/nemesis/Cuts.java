package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.fault.Target;
import dev.gretchen.chaos.nemesis.LinkTargets.Linked;
import dev.gretchen.chaos.proxy.Direction;
import dev.gretchen.chaos.proxy.InForce;
import dev.gretchen.chaos.proxy.Links;
import dev.gretchen.chaos.proxy.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/// N1, N2, N4, N17: workers that are cut off from brokers. Nothing is refused: what they say is
/// held up, and arrives late.
final class Cuts {
  /// How long others may take to take over: a session time-out and more.
  private static final Duration EVICTION_TIMEOUT = Duration.ofSeconds(30);

  /// The successors are at work by then, so that late requests meet them.
  private static final Duration SETTLED = Duration.ofSeconds(1);

  private static final Rule CUT = new Rule.Cut(Direction.BOTH);

  private final Field field;
  private final Targets targets;
  private final LinkTargets linkTargets;
  private final Healing healing;

  Cuts(Field field, Targets targets, Healing healing) {
    this.field = field;
    this.targets = targets;
    this.linkTargets = new LinkTargets(field, targets);
    this.healing = healing;
  }

  /// From all brokers, until others have its partitions.
  void worker(Incident incident) throws InterruptedException {
    Optional<Linked> linked = linkTargets.linked(incident);
    if (linked.isEmpty()) {
      return;
    }
    String worker = linked.get().worker();
    List<String> held = targets.heldBy(worker);
    incident.actsNow();
    try (InForce cut = linked.get().link().apply(CUT)) {
      Optional<Duration> taken = targets.awaitWithOthers(held, worker, EVICTION_TIMEOUT);
      if (taken.isPresent() && !held.isEmpty()) {
        incident.observed(
            "its %d partitions with others after %d ms"
                .formatted(held.size(), taken.get().toMillis()));
        Thread.sleep(SETTLED);
      } else {
        incident.missing(
            "others did not take its %d partitions over within %d s"
                .formatted(held.size(), EVICTION_TIMEOUT.toSeconds()));
      }
      LinkTargets.prove(incident, cut);
    }
    healing.worker(incident, worker);
  }

  /// From the broker that leads one of its partitions.
  void fromLeader(Incident incident) throws InterruptedException {
    Optional<Linked> linked = linkTargets.linked(incident);
    if (linked.isEmpty() || !(incident.step().target() instanceof Target.OwnerOf owner)) {
      return;
    }
    OptionalInt leader = field.roles().leaderOf(owner.topic(), owner.partition());
    if (leader.isEmpty()) {
      incident.missing("nobody leads " + owner.topic() + "-" + owner.partition());
      return;
    }
    incident.actsNow();
    try (InForce cut = linked.get().link().apply(CUT, Set.of(leader.getAsInt()))) {
      Thread.sleep(incident.step().parameter("hold-ms"));
      incident.observed("cut off from broker " + leader.getAsInt());
      LinkTargets.prove(incident, cut);
    }
    healing.worker(incident, linked.get().worker());
  }

  void flap(Incident incident) throws InterruptedException {
    Optional<Linked> linked = linkTargets.linked(incident);
    if (linked.isEmpty()) {
      return;
    }
    long times = incident.step().parameter("times");
    incident.actsNow();
    long bitten = 0;
    for (int i = 0; i < times; i++) {
      try (InForce cut = linked.get().link().apply(CUT)) {
        Thread.sleep(incident.step().parameter("gap-ms"));
        bitten += cut.effects() > 0 ? 1 : 0;
      }
      Thread.sleep(incident.step().parameter("gap-ms"));
    }
    String what = "%d cuts, %d of them held something up".formatted(times, bitten);
    if (bitten > 0) {
      incident.observed(what);
    } else {
      incident.missing(what);
    }
    healing.worker(incident, linked.get().worker());
  }

  /// All workers, one by one, and back in another order.
  void swizzle(Incident incident) throws InterruptedException {
    Optional<Links> links = linkTargets.links(incident);
    if (links.isEmpty()) {
      return;
    }
    List<String> hit =
        field.workers().running().stream()
            .filter(worker -> links.get().of(worker).isPresent())
            .toList();
    long gap = incident.step().parameter("gap-ms");
    List<InForce> cuts = new ArrayList<>();
    incident.actsNow();
    try {
      for (String worker : hit) {
        cuts.add(links.get().of(worker).orElseThrow().apply(CUT));
        Thread.sleep(gap);
      }
      incident.observed("all links cut of " + String.join(", ", hit));
      cuts.forEach(cut -> LinkTargets.prove(incident, cut));
      Collections.shuffle(cuts, new Random(gap));
      for (InForce cut : cuts) {
        cut.close();
        Thread.sleep(gap);
      }
    } finally {
      cuts.forEach(InForce::close);
    }
    for (String worker : hit) {
      healing.worker(incident, worker);
    }
  }
}
