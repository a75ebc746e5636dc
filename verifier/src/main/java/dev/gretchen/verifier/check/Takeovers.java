package dev.gretchen.verifier.check;

import dev.gretchen.verifier.check.Silences.Stretch;
import dev.gretchen.verifier.contract.AuditEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What came of each fault that hit workers: the phases of the takeover, and the silence meanwhile.
///
/// Phases, in milliseconds after the fault took effect:
/// - `detected`: another worker suspected, evicted or fenced the victim; where workers do not watch
///   each other, the first sign of a rebalance in the audit topic;
/// - `fenced`: its transactions were fenced on its behalf;
/// - `reassigned`: all tasks that it held are assigned again;
/// - `recovered`: all of them are running;
/// - `firstOutput`: the first output of one of them after its reassignment. Without an audit topic:
///   the first one that ends the longest silence of its task;
/// - `caughtUp`: each of them that had been at work has had an output, after all this, that was not
///   later than usual.
///
/// A phase that was not reached, or has no witness, is absent.
///
/// Silences, in milliseconds (see [Silences]): `owned`, the longest of any task that the victim
/// held; `others`, the longest of any other one; `usual`, what is to be compared with: the median
/// over the calm before the first fault, by stretches of [#STRETCH_MILLIS], of the longest of any
/// task. None counts beyond the next fault.
///
/// One instance belongs to one thread.
public final class Takeovers {

  /// How long after a fault, and after its healing, a silence may begin that is put down to it.
  public static final long STRETCH_MILLIS = 5_000;

  /// The first seconds of a load are warm-up, and no measure of calm.
  private static final long WARM_UP_MILLIS = 3_000;

  /// Less calm than this says nothing.
  private static final long CALM_MIN_MILLIS = 2_000;

  /// For so long after a fault its takeover is followed.
  private static final long FOLLOWED_MILLIS = 300_000;

  /// A fault and the tasks that its victims held.
  public record Hit(Moment fault, Set<InputTask> held) {
    public Hit {
      held = Set.copyOf(held);
    }
  }

  /// What came of a fault.
  public record Aftermath(Map<String, Long> phases, Map<String, Long> silence) {

    /// Of a fault that hit no worker.
    public static final Aftermath NONE = new Aftermath(Map.of(), Map.of());

    public Aftermath {
      phases = Map.copyOf(phases);
      silence = Map.copyOf(silence);
    }
  }

  /// The longest silence of a task after a fault, for want of a witness who tells more.
  private static final class Gap {
    private long millis;
    private long endedAt;
    private long caughtUpAt = Long.MAX_VALUE;
  }

  private static final class Takeover {
    private final Hit hit;
    private final int stretch;
    private final Map<String, Long> phases = new TreeMap<>();
    private final Map<InputTask, Long> before = new TreeMap<>();
    private final Set<InputTask> behind = new HashSet<>();
    private final Map<InputTask, Gap> gaps = new TreeMap<>();
    private long reassignedAt = Long.MAX_VALUE;
    private long recoveredAt = Long.MAX_VALUE;

    Takeover(Hit hit, int stretch) {
      this.hit = hit;
      this.stretch = stretch;
    }

    void put(String phase, long at) {
      phases.putIfAbsent(phase, at - hit.fault().at());
    }

    /// Its time has come.
    void arm(Map<InputTask, Long> lastSeen) {
      before.putAll(lastSeen);
      before.keySet().retainAll(hit.held());
      behind.addAll(before.keySet());
    }

    boolean isOver(long at) {
      return phases.containsKey("caughtUp") || at > hit.fault().at() + FOLLOWED_MILLIS;
    }

    void witnessed(InputTask task, long at, boolean late) {
      if (at >= reassignedAt) {
        put("firstOutput", at);
      }
      if (at >= recoveredAt && !late && behind.remove(task) && behind.isEmpty()) {
        put("caughtUp", at);
      }
    }

    /// What the victim had committed may still be seen after its end: only the longest silence
    /// tells where the successor begins.
    void unwitnessed(InputTask task, long at, boolean late) {
      long from = hit.fault().at();
      Gap gap = gaps.computeIfAbsent(task, _ -> new Gap());
      long begin = Math.max(from, before.getOrDefault(task, from));
      before.put(task, at);
      if (begin <= from + STRETCH_MILLIS && at - begin > gap.millis) {
        gap.millis = at - begin;
        gap.endedAt = at;
        gap.caughtUpAt = Long.MAX_VALUE;
      }
      if (!late) {
        gap.caughtUpAt = Math.min(gap.caughtUpAt, at);
      }
    }

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

  private final List<Takeover> takeovers = new ArrayList<>();
  private final Silences silences;
  private final int calm;
  private final boolean audited;
  private final long usualMillis;
  private final Map<InputTask, Long> lastSeen = new TreeMap<>();
  private final List<Takeover> followed = new ArrayList<>();
  private int next;

  /// @param hits in the order of time
  /// @param audit in the order of time; empty where the app has none
  /// @param loadStart epoch milliseconds at which event 0 was due
  /// @param usualMillis the latency of an output that counts as caught up
  public Takeovers(List<Hit> hits, List<AuditEvent> audit, long loadStart, long usualMillis) {
    this.usualMillis = usualMillis;
    this.audited = !audit.isEmpty();
    List<Stretch> stretches = new ArrayList<>(calm(hits, loadStart));
    this.calm = stretches.size();
    for (int i = 0; i < hits.size(); i++) {
      Hit hit = hits.get(i);
      long next = i + 1 < hits.size() ? hits.get(i + 1).fault().at() : Long.MAX_VALUE;
      if (hit.held().isEmpty() || next <= hit.fault().at()) {
        takeovers.add(new Takeover(hit, -1));
        continue;
      }
      long over = Math.max(hit.fault().at(), hit.fault().healedAt()) + STRETCH_MILLIS;
      takeovers.add(new Takeover(hit, stretches.size()));
      stretches.add(new Stretch(hit.fault().at(), Math.min(next, over), next));
    }
    this.silences = new Silences(stretches);
    takeovers.stream().filter(t -> t.stretch >= 0).forEach(t -> readAudit(t, audit));
  }

  private static List<Stretch> calm(List<Hit> hits, long loadStart) {
    List<Stretch> calm = new ArrayList<>();
    long end = hits.isEmpty() ? loadStart : hits.getFirst().fault().at();
    long from = loadStart + WARM_UP_MILLIS;
    while (end - from >= CALM_MIN_MILLIS) {
      long until = Math.min(end, from + STRETCH_MILLIS);
      calm.add(new Stretch(from, until, end));
      from = until;
    }
    return calm;
  }

  private static void readAudit(Takeover takeover, List<AuditEvent> audit) {
    Moment fault = takeover.hit.fault();
    Set<InputTask> unassigned = new HashSet<>(takeover.hit.held());
    Set<InputTask> recovering = new HashSet<>(takeover.hit.held());
    for (AuditEvent event : audit) {
      if (event.at() < fault.at()) {
        continue;
      }
      if (event.isAboutPeer(fault.target())) {
        if (!event.event().equals("cleared")) {
          takeover.put("detected", event.at());
        }
        if (event.event().equals("fenced")) {
          takeover.put("fenced", event.at());
        }
      } else if (event.partition() >= 0) {
        if (!event.worker().equals(fault.target())) {
          takeover.put("detected", event.at());
        }
        reassigned(takeover, event, unassigned, recovering);
      }
    }
  }

  private static void reassigned(
      Takeover takeover, AuditEvent event, Set<InputTask> unassigned, Set<InputTask> recovering) {
    InputTask task = new InputTask(event.topic(), event.partition());
    boolean running = event.event().equals("running");
    if (running || event.event().equals("assigned") || event.event().equals("recovering")) {
      if (unassigned.remove(task) && unassigned.isEmpty()) {
        takeover.put("reassigned", event.at());
        takeover.reassignedAt = event.at();
      }
      if (running && recovering.remove(task) && recovering.isEmpty()) {
        takeover.put("recovered", event.at());
        takeover.recoveredAt = event.at();
      }
    }
  }

  /// A task was seen to have sent something; all in the order of time.
  ///
  /// @param at epoch milliseconds
  /// @param due when its event was due, epoch milliseconds
  public void output(InputTask task, long at, long due) {
    silences.output(task, at, due);
    for (; next < takeovers.size() && takeovers.get(next).hit.fault().at() <= at; next++) {
      Takeover takeover = takeovers.get(next);
      if (takeover.stretch >= 0) {
        takeover.arm(lastSeen);
        followed.add(takeover);
      }
    }
    lastSeen.put(task, at);
    boolean late = at - due > usualMillis;
    followed.removeIf(takeover -> takeover.isOver(at));
    for (Takeover takeover : followed) {
      if (!takeover.hit.held().contains(task)) {
        continue;
      }
      if (audited) {
        takeover.witnessed(task, at, late);
      } else {
        takeover.unwitnessed(task, at, late);
      }
    }
  }

  /// What came of each fault, in the order of the hits.
  public List<Aftermath> aftermaths() {
    List<Aftermath> all = new ArrayList<>();
    long usual = silences.usual(0, calm);
    for (Takeover takeover : takeovers) {
      if (takeover.stretch < 0) {
        all.add(Aftermath.NONE);
        continue;
      }
      if (!audited) {
        takeover.conclude();
      }
      Map<String, Long> silence = new TreeMap<>();
      silences
          .longest(takeover.stretch)
          .forEach((task, millis) ->
              silence.merge(
                  takeover.hit.held().contains(task) ? "owned" : "others", millis, Math::max));
      if (usual >= 0) {
        silence.put("usual", usual);
      }
      all.add(new Aftermath(takeover.phases, silence));
    }
    return all;
  }
}
