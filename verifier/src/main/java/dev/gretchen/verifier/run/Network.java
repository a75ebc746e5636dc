package dev.gretchen.verifier.run;

import dev.gretchen.chaos.broker.Brokers;
import dev.gretchen.chaos.broker.Lane;
import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.proxy.Links;
import dev.gretchen.chaos.proxy.NetworkFaults;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// How the workers of a run reach the brokers: through links where a fault may hit those, directly
/// where none may, so that nothing lies between them that a run does not need.
final class Network implements AutoCloseable {
  /// Links for workers that faults add.
  private static final int SPARE = 2;

  private final @Nullable Links links;
  private final String reason;

  private Network(@Nullable Links links, String reason) {
    this.links = links;
    this.reason = reason;
  }

  static Network open(RunOptions options) {
    boolean wanted =
        options.faults().kinds().stream().anyMatch(kind -> kind.need() == FaultKind.Need.LINKS);
    return switch (options.kafka()) {
      case KafkaChoice.Embedded(int brokers) ->
          wanted
              ? new Network(
                  Links.open(
                      options.workers() + SPARE,
                      IntStream.rangeClosed(1, brokers).boxed().collect(Collectors.toSet())),
                  "")
              : new Network(null, "no fault of the network was selected");
      case KafkaChoice.Docker _, KafkaChoice.External _ ->
          new Network(null, "only brokers of our own advertise links");
    };
  }

  List<Lane> lanes() {
    return links == null ? List.of() : links.lanes();
  }

  Brokers connect(Brokers brokers) {
    if (links != null) {
      links.connect(brokers.lanePorts());
    }
    return brokers;
  }

  /// Values of placeholders for one worker.
  Map<String, String> individual(String worker) {
    return links == null
        ? Map.of()
        : links.of(worker).map(link -> Map.of("bootstrap", link.bootstrap())).orElse(Map.of());
  }

  NetworkFaults faults() {
    return links == null
        ? new NetworkFaults.Unsupported(reason)
        : new NetworkFaults.Supported(links);
  }

  @Override
  public void close() {
    if (links != null) {
      links.close();
    }
  }
}
