package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/// The phases that follow when one worker is hit; [Takeovers] says what they mean.
///
/// A later strike puts an end to what belongs to this one: who is assigned what, where it hits any
/// worker, for all take part in a rebalance; all the rest, where it hits the same worker or one of
/// the tasks. And who is suspected, evicted or fenced once the worker has a new process is that
/// process: an audit names workers, not processes.
///
/// Confined to one thread.
final class Takeover {

  /// For so long after a strike its takeover is followed.
  private static final long FOLLOWED_MILLIS = 300_000;

  /// A worker was hit.
  ///
  /// @param worker who
  /// @param at epoch milliseconds
  /// @param healedAt until then, epoch milliseconds, its new processes may be hit as well; 0 where
  ///   they are not
  /// @param held the tasks that it had
  record Strike(String worker, long at, long healedAt, Set<InputTask> held) {

    private boolean takesFrom(Strike earlier) {
      return worker.equals(earlier.worker) || !Collections.disjoint(held, earlier.held);
    }
  }

  /// The longest silence of a task after a strike, for want of a witness who tells more.
  private static final class Gap {
    private long millis;
    private long endedAt;
    private long caughtUpAt = Long.MAX_VALUE;
  }

  private final Strike strike;
  private final long endsAt;
  private final long assignmentsEndAt;
  private final Map<String, Long> phases = new TreeMap<>();
  private final Map<InputTask, Long> before = new TreeMap<>();
  private final Set<InputTask> behind = new HashSet<>();
  private final Map<InputTask, Gap> gaps = new TreeMap<>();
  private long reassignedAt = Long.MAX_VALUE;
  private long recoveredAt = Long.MAX_VALUE;

  /// @param strikes all, this one among them
  Takeover(Strike strike, List<Strike> strikes) {
    this.strike = strike;
    List<Strike> later = strikes.stream().filter(other -> other.at() > strike.at()).toList();
    this.endsAt =
        first(later.stream().filter(other -> other.takesFrom(strike)).mapToLong(Strike::at));
    this.assignmentsEndAt =
        first(later.stream().filter(other -> !other.held().isEmpty()).mapToLong(Strike::at));
  }

  private static long first(LongStream moments) {
    return moments.min().orElse(Long.MAX_VALUE);
  }

  Strike strike() {
    return strike;
  }

  /// What was reached, milliseconds after the strike.
  Map<String, Long> phases() {
    return phases;
  }

  private void put(String phase, long at) {
    phases.putIfAbsent(phase, at - strike.at());
  }

  /// @param audit in the order of time
  void readAudit(List<AuditEvent> audit) {
    Set<InputTask> unassigned = new HashSet<>(strike.held());
    Set<InputTask> recovering = new HashSet<>(strike.held());
    boolean another = false;
    for (AuditEvent event : audit) {
      if (event.at() < strike.at() || event.at() >= endsAt) {
        continue;
      }
      another |= event.event().equals("started") && event.worker().equals(strike.worker());
      if (event.isAboutPeer(strike.worker())) {
        if (!another || event.at() <= strike.healedAt()) {
          doubted(event);
        }
      } else if (event.partition() >= 0) {
        if (!event.worker().equals(strike.worker()) && event.at() < assignmentsEndAt) {
          put("detected", event.at());
        }
        assigned(event, unassigned, recovering);
      }
    }
  }

  private void doubted(AuditEvent event) {
    if (!event.event().equals("cleared")) {
      put("detected", event.at());
    }
    if (event.event().equals("fenced")) {
      put("fenced", event.at());
    }
  }

  private void assigned(AuditEvent event, Set<InputTask> unassigned, Set<InputTask> recovering) {
    InputTask task = new InputTask(event.topic(), event.partition());
    boolean running = event.event().equals("running");
    if (!running && !event.event().equals("assigned") && !event.event().equals("recovering")) {
      return;
    }
    if (event.at() < assignmentsEndAt && unassigned.remove(task) && unassigned.isEmpty()) {
      put("reassigned", event.at());
      reassignedAt = event.at();
    }
    if (running && !unassigned.contains(task) && recovering.remove(task) && recovering.isEmpty()) {
      put("recovered", event.at());
      recoveredAt = event.at();
    }
  }

  /// Its time has come.
  void arm(Map<InputTask, Long> lastSeen) {
    before.putAll(lastSeen);
    before.keySet().retainAll(strike.held());
    behind.addAll(before.keySet());
  }

  boolean isOver(long at) {
    return phases.containsKey("caughtUp") || at >= endsAt || at > strike.at() + FOLLOWED_MILLIS;
  }

  /// One of its tasks had an output, and an audit tells the rest.
  void witnessed(InputTask task, long at, boolean late) {
    if (at >= reassignedAt) {
      put("firstOutput", at);
    }
    if (at >= recoveredAt && !late && behind.remove(task) && behind.isEmpty()) {
      put("caughtUp", at);
    }
  }

  /// One of its tasks had an output, and nobody tells more.
  ///
  /// What the victim had committed may still be seen after its end: only the longest silence tells
  /// where the successor begins.
  void unwitnessed(InputTask task, long at, boolean late) {
    long from = strike.at();
    Gap gap = gaps.computeIfAbsent(task, _ -> new Gap());
    long begin = Math.max(from, before.getOrDefault(task, from));
    before.put(task, at);
    if (begin <= from + Takeovers.STRETCH_MILLIS && at - begin > gap.millis) {
      gap.millis = at - begin;
      gap.endedAt = at;
      gap.caughtUpAt = Long.MAX_VALUE;
    }
    if (!late) {
      gap.caughtUpAt = Math.min(gap.caughtUpAt, at);
    }
  }

  /// No output follows; what [#unwitnessed] was told becomes phases.
  void conclude() {
    gaps.values().stream()
        .mapToLong(gap -> gap.endedAt)
        .min()
        .ifPresent(at -> put("firstOutput", at));
    if (gaps.keySet().containsAll(behind)) {
      gaps.values().stream()
          .mapToLong(gap -> gap.caughtUpAt)
          .max()
          .ifPresent(at -> {
            if (at < Long.MAX_VALUE) {
              put("caughtUp", at);
            }
          });
    }
  }
}
