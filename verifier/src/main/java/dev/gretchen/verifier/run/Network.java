package dev.gretchen.verifier.run;

import dev.gretchen.chaos.broker.BrokerSettings;
import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.proxy.Links;
import dev.gretchen.chaos.proxy.NetworkFaults;
import dev.gretchen.chaos.proxy.Ways;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How workers, and brokers among themselves, reach brokers: through links where a fault may hit
/// those, directly where none may, so that nothing lies between them that a run does not need.
final class Network implements AutoCloseable {
  /// Links for workers that faults add.
  private static final int SPARE = 2;

  private final @Nullable Links links;
  private final @Nullable Links peers;
  private final String reason;

  private Network(@Nullable Links links, @Nullable Links peers, String reason) {
    this.links = links;
    this.peers = peers;
    this.reason = reason;
  }

  static Network open(RunOptions options) {
    return switch (options.kafka()) {
      case KafkaChoice.Embedded(int brokers) -> {
        Set<Integer> ids = IntStream.rangeClosed(1, brokers).boxed().collect(Collectors.toSet());
        boolean between = wanted(options, FaultKind.Need.BROKER_LINKS) && brokers > 1;
        Links peers = between ? Links.between(brokers) : null;
        Links links =
            wanted(options, FaultKind.Need.LINKS)
                ? Links.open(options.workers() + SPARE, ids)
                : null;
        yield new Network(
            links,
            peers,
            brokers > 1 ? "no fault of that network was selected" : "there is but one broker");
      }
      case KafkaChoice.Docker _, KafkaChoice.External _ ->
          new Network(null, null, "only brokers of our own advertise links");
    };
  }

  private static boolean wanted(RunOptions options, FaultKind.Need need) {
    return options.faults().kinds().stream().anyMatch(kind -> kind.need() == need);
  }

  BrokerSettings settings(BrokerSettings usual) {
    return usual
        .withLanes(links == null ? List.of() : links.lanes())
        .withPeers(peers == null ? List.of() : peers.lanes());
  }

  Brokers connect(Brokers brokers) {
    if (links != null) {
      links.connect(brokers.lanePorts());
    }
    if (peers != null) {
      // until now no topic had a replica to fetch
      peers.connect(brokers.peerPorts());
    }
    return brokers;
  }

  /// Values of placeholders for one worker.
  Map<String, String> individual(String worker) {
    return links == null
        ? Map.of()
        : links.of(worker).map(link -> Map.of("bootstrap", link.bootstrap())).orElse(Map.of());
  }

  Ways faults() {
    return new Ways(faults(links), faults(peers));
  }

  private NetworkFaults faults(@Nullable Links some) {
    return some == null ? new NetworkFaults.Unsupported(reason) : new NetworkFaults.Supported(some);
  }

  @Override
  public void close() {
    if (links != null) {
      links.close();
    }
    if (peers != null) {
      peers.close();
    }
  }
}
