package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// When something happened for which a group may share out its tasks anew: a worker that starts or
/// stops, that others suspect, evict or fence, or that Kafka has dropped (`lost`); and a fault, its
/// healing included.
final class Causes {

  /// How long a cause explains what follows: a disk may have to be warmed up first.
  static final Duration EXPLAINS_MAX = Duration.ofMinutes(2);

  /// By how much an effect may seem to come before its cause.
  private static final long SKEW_MILLIS = 100;

  private static final Set<String> EVENTS =
      Set.of("started", "stopping", "suspected", "evicted", "fenced", "lost");

  private final TreeSet<Long> times = new TreeSet<>();
  private final List<Moment> faults;

  /// @param audit what workers told
  /// @param faults that took effect, and ends of workers by themselves
  Causes(List<AuditEvent> audit, List<Moment> faults) {
    this.faults = List.copyOf(faults);
    audit.stream().filter(e -> EVENTS.contains(e.event())).forEach(e -> times.add(e.at()));
    for (Moment fault : faults) {
      times.add(fault.at());
      if (fault.healedAt() > 0) {
        times.add(fault.healedAt());
      }
    }
  }

  /// The last cause of what happened at a moment; null where there is none so late.
  @Nullable Long of(long at) {
    Long cause = times.floor(at + SKEW_MILLIS);
    return cause == null || at - cause > EXPLAINS_MAX.toMillis() ? null : cause;
  }

  /// Whether a fault was under way.
  boolean isDisturbed(long at) {
    return faults.stream().anyMatch(fault -> fault.at() <= at && at <= fault.healedAt());
  }

  /// The time since the last cause, as a clause; empty where there was none.
  String since(long at) {
    Long cause = times.floor(at);
    return cause == null ? "" : "; the last cause was " + (at - cause) + " ms before";
  }
}
