package dev.gretchen.chaos.fault;

import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.machine.Machine;
import dev.gretchen.chaos.proxy.NetworkFaults;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// What a cluster, an app and the machine offer to faults.
///
/// @param failpoints whether the app's workers answer `/failpoints`
/// @param recoveries whether they show in `/verify` what is recovering
/// @param network whether they reach the brokers through links of ours
/// @param machine what the operating system offers
public record Capabilities(
    BrokerFaults brokerFaults,
    boolean failpoints,
    boolean recoveries,
    NetworkFaults network,
    Machine machine) {

  /// A selection cut down to what can be done.
  ///
  /// @param skipped the rest, each with its reason
  public record Usable(Selection selection, List<Skipped> skipped) {
    public Usable {
      skipped = List.copyOf(skipped);
    }
  }

  /// Splits a selection into what can be done and what must be skipped.
  public Usable restrict(Selection selection) {
    EnumSet<FaultKind> usable = EnumSet.noneOf(FaultKind.class);
    List<Skipped> skipped = new ArrayList<>();
    for (FaultKind kind : selection.kinds()) {
      Optional<String> obstacle = obstacle(kind.need());
      if (obstacle.isPresent()) {
        skipped.add(Skipped.of(kind, obstacle.get()));
      } else {
        usable.add(kind);
      }
    }
    return new Usable(new Selection(selection.text(), usable), skipped);
  }

  private Optional<String> obstacle(FaultKind.Need need) {
    return switch (need) {
      case WORKERS -> Optional.empty();
      case FAILPOINTS ->
          failpoints ? Optional.empty() : Optional.of("the app's workers have no failpoints");
      case RECOVERIES_SHOWN ->
          recoveries
              ? Optional.empty()
              : Optional.of("the app's workers do not show when they recover");
      case BROKER_FAULTS ->
          switch (brokerFaults) {
            case BrokerFaults.Supported _ -> Optional.empty();
            case BrokerFaults.Unsupported(String reason) -> Optional.of(reason);
          };
      case LINKS ->
          switch (network) {
            case NetworkFaults.Supported _ -> Optional.empty();
            case NetworkFaults.Unsupported(String reason) -> Optional.of(reason);
          };
      case CLIENTS_ADD_OFFSETS, SMALL_DISK -> need.obstacle(machine);
    };
  }
}
