package dev.gretchen.chaos.fault;

import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.machine.Machine;
import dev.gretchen.chaos.proxy.NetworkFaults;
import dev.gretchen.chaos.proxy.Ways;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a cluster, an app and the machine offer to faults.
///
/// @param app what the app's workers offer
/// @param ways whether workers and brokers reach brokers through links of ours
/// @param machine what the operating system offers
public record Capabilities(BrokerFaults brokerFaults, AppSide app, Ways ways, Machine machine) {
  private static final List<String> SETTINGS = List.of("commit-interval", "standbys");
  private static final String VERSION = "version";
  private static final String JAVA = "java";

  /// What an app's workers offer.
  ///
  /// @param failpoints whether they answer `/failpoints`
  /// @param recoveries whether they show in `/verify` what is recovering
  /// @param services whether the run provides services that they call
  /// @param clients whether clients of ours are connected to them
  /// @param placeholders that the command which starts them names
  public record AppSide(
      boolean failpoints,
      boolean recoveries,
      boolean services,
      boolean clients,
      Set<String> placeholders) {
    public AppSide {
      placeholders = Set.copyOf(placeholders);
    }
  }

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
    for (Omission omission : selection.omissions()) {
      skipped.add(new Skipped(omission.id(), omission.word(), omission.reason()));
    }
    return new Usable(new Selection(selection.text(), usable), skipped);
  }

  private Optional<String> obstacle(FaultKind.Need need) {
    return switch (need) {
      case WORKERS, ADMIN -> Optional.empty();
      case FAILPOINTS -> unless(app.failpoints(), "the app's workers have no failpoints");
      case RECOVERIES_SHOWN ->
          unless(app.recoveries(), "the app's workers do not show when they recover");
      case SERVICES -> unless(app.services(), "the app calls no service of this run");
      case CLIENTS -> unless(app.clients(), "the app has no clients in this run");
      case SETTINGS ->
          unless(
              app.placeholders().containsAll(SETTINGS),
              "the app's command does not name {commit-interval} and {standbys}");
      case VERSIONS ->
          unless(app.placeholders().contains(VERSION), "the app's command does not name {version}");
      case BROKER_FAULTS, SEVERAL_BROKERS, OUR_TOPICS -> brokers();
      case SMALL_BROKER_DISK, BROKER_PRELOAD -> brokers().or(() -> need.obstacle(machine));
      case LINKS -> way(ways.workers());
      case BROKER_LINKS -> way(ways.brokers());
      case JVM ->
          unless(app.placeholders().contains(JAVA), "the app's command does not name {java}")
              .or(() -> need.obstacle(machine));
      case CLIENTS_ADD_OFFSETS, SMALL_DISK, PRLIMIT, PRELOAD, SOCKETS -> need.obstacle(machine);
    };
  }

  private static Optional<String> unless(boolean possible, String reason) {
    return possible ? Optional.empty() : Optional.of(reason);
  }

  private Optional<String> brokers() {
    return switch (brokerFaults) {
      case BrokerFaults.Supported _ -> Optional.empty();
      case BrokerFaults.Unsupported(String reason) -> Optional.of(reason);
    };
  }

  private static Optional<String> way(NetworkFaults network) {
    return switch (network) {
      case NetworkFaults.Supported _ -> Optional.empty();
      case NetworkFaults.Unsupported(String reason) -> Optional.of(reason);
    };
  }
}
