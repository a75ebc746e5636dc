package dev.gretchen.simulation;

import dev.gretchen.simulation.judge.SimFault;
import dev.gretchen.testkit.kafka.Request;
import dev.gretchen.testkit.link.SimLinkNet;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Looks at who evicts whom. One that lives may be evicted by mistake, but not without a cause: it
/// stood still, or so many could not hear it as the watch demands.
final class Evictions {

  /// What was decided on a cause may be carried out a little after the cause has passed.
  private static final Duration AFTERWARDS = Duration.ofSeconds(5);

  /// An order to remove somebody is repeated for so long, where the answer is lost. It was given on
  /// what was so when it was asked first: others may have joined meanwhile.
  private static final Duration REPEATED = Duration.ofMillis(1_500);

  /// Two must have missed it, where there are two.
  private static final int WATCHERS_MIN = 2;

  private final Scheduler scheduler;
  private final Effects effects;
  private final Incarnations incarnations;
  private final Supplier<SimLinkNet> links;
  private final Supplier<Collection<SimulatedWorker>> workers;
  private final List<String> failures;

  /// When who first asked for whose removal.
  private final Map<Order, Long> firstAsked = new HashMap<>();

  private record Order(String by, String instance) {}

  /// @param failures takes a sentence for each eviction without a cause
  Evictions(
      Scheduler scheduler,
      Effects effects,
      Incarnations incarnations,
      Supplier<SimLinkNet> links,
      Supplier<Collection<SimulatedWorker>> workers,
      List<String> failures) {
    this.scheduler = scheduler;
    this.effects = effects;
    this.incarnations = incarnations;
    this.links = links;
    this.workers = workers;
    this.failures = failures;
  }

  /// A worker asks the brokers for something.
  void asked(SimProcess by, Request<?> request) {
    if (incarnations.isMoreThanATwinMayAsk(by, request)) {
      failures.add(
          "a second process on the disk of %s asked the brokers for %s before it was turned away"
              .formatted(by.name(), request.api()));
    }
    incarnations.asks(by.name(), request);
    if (request instanceof Request.LeaveGroup leave) {
      leave.members().forEach(member -> asked(by, member));
    }
  }

  /// Somebody asks the brokers to remove a member.
  private void asked(SimProcess by, Request.Member member) {
    String instance = member.instanceId();
    if (instance == null || !member.memberId().isEmpty()) {
      return;
    }
    SimulatedWorker victim =
        workers.get().stream()
            .filter(worker -> instance.startsWith(worker.name() + "-"))
            .findFirst()
            .orElse(null);
    if (victim == null || victim.name().equals(by.name())) {
      return;
    }
    scheduler.note(by, "evicts " + victim.name(), 0, 0);
    // one that stops and could not leave the group in time has closed its links, and is about to
    // end
    boolean lives =
        victim.isRunning()
            && incarnations.isLatest(victim.name(), instance)
            && links.get().isListening(victim.name());
    if (!lives) {
      return;
    }
    effects.took("evicted", victim.name(), SimFault.Nature.UNCERTAIN);
    if (isRepeated(new Order(by.name(), instance))) {
      return;
    }
    if (!victim.hasStoodStillSince(scheduler.now() - AFTERWARDS.toNanos())
        && deafTo(victim) < Math.min(WATCHERS_MIN, watchersOf(victim))) {
      failures.add(
          "worker %s evicted %s, which lives and was heard by all, or all but one, of its %d peers in the group"
              .formatted(by.name(), victim.name(), watchersOf(victim)));
    }
  }

  private boolean isRepeated(Order order) {
    long now = scheduler.now();
    Long first = firstAsked.get(order);
    if (first != null && now - first <= REPEATED.toNanos()) {
      return true;
    }
    firstAsked.put(order, now);
    return false;
  }

  private long watchersOf(SimulatedWorker victim) {
    return others(victim).size();
  }

  private long deafTo(SimulatedWorker victim) {
    return others(victim).stream()
        .filter(other ->
            links.get().weather().cutUntil(victim.name(), other.name()) + AFTERWARDS.toNanos()
                > scheduler.now())
        .count();
  }

  private List<SimulatedWorker> others(SimulatedWorker victim) {
    return workers.get().stream()
        .filter(worker ->
            worker != victim && worker.isRunning() && incarnations.isMember(worker.name()))
        .toList();
  }
}
