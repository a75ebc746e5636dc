package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.broker.BrokerControl;
import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.proxy.Direction;
import dev.gretchen.chaos.proxy.InForce;
import dev.gretchen.chaos.proxy.Link;
import dev.gretchen.chaos.proxy.Links;
import dev.gretchen.chaos.proxy.NetworkFaults;
import dev.gretchen.chaos.proxy.Rule;
import dev.gretchen.chaos.proxy.Ways;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// N5: brokers that do not reach each other, while workers reach all of them and all of them the
/// controllers. Nobody is declared dead: a leader whose followers are gone must find out by itself,
/// and a coordinator cannot tell leaders how a transaction has ended.
final class BrokerCuts {
  private static final Rule CUT = new Rule.Cut(Direction.BOTH);

  private final Field field;
  private final Targets targets;
  private final Healing healing;

  BrokerCuts(Field field, Targets targets, Healing healing) {
    this.field = field;
    this.targets = targets;
    this.healing = healing;
  }

  /// Between the leader and everybody else, both ways.
  void isolateLeader(Incident incident) throws InterruptedException {
    OptionalInt leader = targets.broker(incident);
    if (leader.isPresent()) {
      List<Cut> cuts = new ArrayList<>();
      for (int other : others(leader.getAsInt())) {
        cuts.add(new Cut(leader.getAsInt(), other));
        cuts.add(new Cut(other, leader.getAsInt()));
      }
      hold(incident, leader.getAsInt(), cuts);
    }
  }

  /// The leader reaches nobody, and everybody it.
  void oneWay(Incident incident) throws InterruptedException {
    OptionalInt leader = targets.broker(incident);
    if (leader.isPresent()) {
      hold(
          incident,
          leader.getAsInt(),
          others(leader.getAsInt()).stream()
              .map(other -> new Cut(leader.getAsInt(), other))
              .toList());
    }
  }

  /// The leader and one other, both ways.
  void pair(Incident incident) throws InterruptedException {
    OptionalInt leader = targets.broker(incident);
    SortedSet<Integer> others = leader.isEmpty() ? new TreeSet<>() : others(leader.getAsInt());
    if (leader.isPresent() && !others.isEmpty()) {
      int other = others.getFirst();
      hold(
          incident,
          leader.getAsInt(),
          List.of(new Cut(leader.getAsInt(), other), new Cut(other, leader.getAsInt())));
    }
  }

  private record Cut(int from, int to) {}

  private void hold(Incident incident, int leader, List<Cut> cuts) throws InterruptedException {
    if (!(field.ways().brokers() instanceof NetworkFaults.Supported(Links links))
        || !(field.brokerFaults() instanceof BrokerFaults.Supported(BrokerControl control))) {
      incident.missing("brokers do not reach each other through links of ours");
      return;
    }
    List<InForce> inForce = new ArrayList<>();
    incident.actsNow();
    try {
      for (Cut cut : cuts) {
        Link link = links.of(Ways.broker(cut.from())).orElseThrow();
        inForce.add(link.apply(CUT, Set.of(cut.to())));
      }
      Thread.sleep(incident.step().parameter("hold-ms"));
      for (int i = 0; i < cuts.size(); i++) {
        long effects = inForce.get(i).effects();
        String what =
            "broker %d to %d cut: %d times, %d bytes"
                .formatted(cuts.get(i).from(), cuts.get(i).to(), effects, inForce.get(i).bytes());
        if (effects > 0) {
          incident.observed(what);
        } else {
          incident.missing(what);
        }
      }
    } finally {
      inForce.forEach(InForce::close);
    }
    healing.broker(incident, control, leader);
    healing.replicas(incident);
  }

  private SortedSet<Integer> others(int leader) {
    SortedSet<Integer> others = new TreeSet<>();
    if (field.brokerFaults() instanceof BrokerFaults.Supported(BrokerControl control)) {
      others.addAll(control.ids());
    }
    others.remove(leader);
    return others;
  }
}
