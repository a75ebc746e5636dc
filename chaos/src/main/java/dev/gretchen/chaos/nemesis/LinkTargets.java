package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.proxy.InForce;
import dev.gretchen.chaos.proxy.Link;
import dev.gretchen.chaos.proxy.Links;
import dev.gretchen.chaos.proxy.NetworkFaults;
import java.util.Optional;

/// Finds the link of the worker that a step is about.
final class LinkTargets {
  /// The worker and its way to the brokers.
  record Linked(String worker, Link link) {}

  private final Field field;
  private final Targets targets;

  LinkTargets(Field field, Targets targets) {
    this.field = field;
    this.targets = targets;
  }

  /// A running worker with a link; otherwise the incident says what is missing.
  Optional<Linked> linked(Incident incident) throws InterruptedException {
    Optional<Links> links = links(incident);
    Optional<String> worker = links.isEmpty() ? Optional.empty() : targets.worker(incident);
    if (links.isEmpty() || worker.isEmpty()) {
      return Optional.empty();
    }
    Optional<Link> link = links.get().of(worker.get());
    if (link.isEmpty()) {
      incident.missing(worker.get() + " has no link: there are too many workers");
    }
    return link.map(own -> new Linked(worker.get(), own));
  }

  Optional<Links> links(Incident incident) {
    return switch (field.network()) {
      case NetworkFaults.Supported(Links links) -> Optional.of(links);
      case NetworkFaults.Unsupported(String reason) -> {
        incident.missing(reason);
        yield Optional.empty();
      }
    };
  }

  /// Says what a rule has done, as the proof of its effect.
  static void prove(Incident incident, InForce rule) {
    String what = "%s: %d times, %d bytes".formatted(rule.rule(), rule.effects(), rule.bytes());
    if (rule.effects() > 0) {
      incident.observed(what);
    } else {
      incident.missing(what);
    }
  }
}
