package dev.gretchen.chaos.fault;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// Which kinds of faults a plan may use, in the order of the catalogue.
///
/// @param text as the user named it
/// @param omissions what was named too, and is no kind of ours
public record Selection(String text, Set<FaultKind> kinds, Set<Omission> omissions) {
  /// No faults: a baseline.
  public static final Selection NONE = new Selection("none", Set.of());

  /// Crashes at every awkward moment, orderly stops, and one broker.
  public static final Selection KILL =
      new Selection(
          "kill",
          EnumSet.of(
              FaultKind.KILL_OWNER,
              FaultKind.KILL_TWICE,
              FaultKind.KILL_IN_RECOVERY,
              FaultKind.WIPE_WHILE_DOWN,
              FaultKind.GRACEFUL_STOP,
              FaultKind.ROLLING_RESTART,
              FaultKind.KILL_AFTER_SENDS,
              FaultKind.KILL_IN_PAUSED_RECOVERY,
              FaultKind.KILL_BROKER));

  /// Partitions change hands: in order, by death, by a pause, and at every awkward moment.
  public static final Selection OWNERSHIP =
      new Selection(
          "ownership",
          EnumSet.of(
              FaultKind.KILL_OWNER,
              FaultKind.GRACEFUL_STOP,
              FaultKind.ROLLING_RESTART,
              FaultKind.ADD_WORKER,
              FaultKind.REMOVE_WORKER,
              FaultKind.CRASH_LOOP,
              FaultKind.KILL_ALL,
              FaultKind.CHASE_OWNER,
              FaultKind.DOUBLE_START,
              FaultKind.SHORT_PAUSE,
              FaultKind.EVICTING_PAUSE,
              FaultKind.SCALING,
              FaultKind.REBALANCE_IN_RECOVERY,
              FaultKind.REBALANCE_IN_PROMOTION,
              FaultKind.OLD_STATE,
              FaultKind.SWAPPED_STATE));

  /// The links between workers and brokers, down to the response of one request, and those between
  /// workers.
  public static final Selection NETWORK =
      new Selection(
          "network", EnumSet.copyOf(needing(FaultKind.Need.LINKS, FaultKind.Need.SOCKETS)));

  /// Brokers that die, leave, stand still, have a full disk or a wrong clock, no longer lead, do
  /// not reach each other, or are all away.
  public static final Selection BROKERS =
      new Selection(
          "brokers",
          EnumSet.copyOf(
              needing(
                  FaultKind.Need.BROKER_FAULTS,
                  FaultKind.Need.SEVERAL_BROKERS,
                  FaultKind.Need.SMALL_BROKER_DISK,
                  FaultKind.Need.BROKER_PRELOAD,
                  FaultKind.Need.BROKER_LINKS)));

  /// What somebody else does to topics: strange records, open transactions, compaction, partitions.
  public static final Selection TOPICS =
      new Selection(
          "topics", EnumSet.copyOf(needing(FaultKind.Need.ADMIN, FaultKind.Need.OUR_TOPICS)));

  /// Whatever the services that an app calls can do to it.
  public static final Selection SERVICES =
      new Selection("services", EnumSet.copyOf(needing(FaultKind.Need.SERVICES)));

  public static final Selection ALL =
      new Selection("all", EnumSet.allOf(FaultKind.class), EnumSet.allOf(Omission.class));

  public Selection {
    EnumSet<FaultKind> ordered = EnumSet.noneOf(FaultKind.class);
    ordered.addAll(kinds);
    kinds = Collections.unmodifiableSet(ordered);
    EnumSet<Omission> orderedToo = EnumSet.noneOf(Omission.class);
    orderedToo.addAll(omissions);
    omissions = Collections.unmodifiableSet(orderedToo);
  }

  /// Kinds alone.
  public Selection(String text, Set<FaultKind> kinds) {
    this(text, kinds, Set.of());
  }

  private static Set<FaultKind> needing(FaultKind.Need... needs) {
    Set<FaultKind.Need> wanted = Set.of(needs);
    return Arrays.stream(FaultKind.values())
        .filter(kind -> wanted.contains(kind.need()))
        .collect(Collectors.toSet());
  }

  /// Reads `none`, or a comma-separated list of `kill`, `ownership`, `network`, `brokers`,
  /// `topics`, `services`, `all`, ids such as `P1`, letters such as `P` for all ids that begin with
  /// it, and kinds such as `kill-broker`.
  ///
  /// @throws IllegalArgumentException where a name is unknown, in one sentence that lists the
  ///   allowed
  public static Selection parse(String text) {
    EnumSet<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
    EnumSet<Omission> omissions = EnumSet.noneOf(Omission.class);
    for (String name : text.split(",", -1)) {
      Selection named = named(name.strip());
      kinds.addAll(named.kinds);
      omissions.addAll(named.omissions);
    }
    return new Selection(text, kinds, omissions);
  }

  private static Selection named(String name) {
    for (Selection known :
        new Selection[] {NONE, KILL, OWNERSHIP, NETWORK, BROKERS, TOPICS, SERVICES, ALL}) {
      if (known.text.equals(name)) {
        return known;
      }
    }
    Set<FaultKind> kinds =
        Arrays.stream(FaultKind.values())
            .filter(kind -> isCode(kind.id(), name) || kind.word().equals(name))
            .collect(Collectors.toSet());
    Set<Omission> omissions = Omission.named(name);
    if (kinds.isEmpty() && omissions.isEmpty()) {
      throw new IllegalArgumentException(
          "Unknown fault '%s'; allowed are %s".formatted(name, String.join(", ", allowed())));
    }
    return new Selection(name, kinds, omissions);
  }

  /// Whether a user means an id: by itself, or by its letter.
  static boolean isCode(String id, String name) {
    return id.equals(name) || id.replaceAll("[0-9]+$", "").equals(name);
  }

  private static Set<String> allowed() {
    Set<String> names = new LinkedHashSet<>();
    names.add("none");
    names.add("kill");
    names.add("ownership");
    names.add("network");
    names.add("brokers");
    names.add("topics");
    names.add("services");
    names.add("all");
    Arrays.stream(FaultKind.values()).map(FaultKind::id).forEach(names::add);
    Arrays.stream(FaultKind.values()).map(FaultKind::word).forEach(names::add);
    Arrays.stream(Omission.values()).map(Omission::id).forEach(names::add);
    Arrays.stream(Omission.values()).map(Omission::word).forEach(names::add);
    return names;
  }
}
