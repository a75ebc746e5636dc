package dev.gretchen.verifier.check;

import dev.gretchen.verifier.check.Silences.Stretch;
import dev.gretchen.verifier.check.Takeover.Strike;
import dev.gretchen.verifier.contract.AuditEvent;
import java.util.ArrayList;
import java.util.Comparator;
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
/// A phase that was not reached before something else was hit ([Takeover]), or has no witness, is
/// absent. Where a fault hits one worker after the other, as a rolling restart does, each worker's
/// phases count from its own turn, and the fault's are the longest of them; one that a worker did
/// not reach is absent.
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

  /// A fault and the tasks that its victims held.
  ///
  /// @param turns its workers in their order, where it hits one after the other; else none
  public record Hit(Moment fault, Set<InputTask> held, List<Turn> turns) {
    public Hit {
      held = Set.copyOf(held);
      turns = List.copyOf(turns);
    }

    /// A fault that hits once.
    public Hit(Moment fault, Set<InputTask> held) {
      this(fault, held, List.of());
    }

    private List<Strike> strikes() {
      return turns.isEmpty()
          ? List.of(new Strike(fault.target(), fault.at(), fault.healedAt(), held))
          : turns.stream().map(turn -> new Strike(turn.worker, turn.at, 0, turn.held)).toList();
    }
  }

  /// A worker's turn in a fault.
  ///
  /// @param at epoch milliseconds
  /// @param held the tasks that it had then
  public record Turn(String worker, long at, Set<InputTask> held) {
    public Turn {
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

  /// @param stretch the fault's in [#silences], -1 where it has none
  /// @param takeovers of each worker that it hit and that held something
  private record Followed(Hit hit, int stretch, List<Takeover> takeovers) {}

  private final List<Followed> faults = new ArrayList<>();
  private final List<Takeover> takeovers;
  private final Silences silences;
  private final int calm;
  private final boolean audited;
  private final long usualMillis;
  private final Map<InputTask, Long> lastSeen = new TreeMap<>();
  private final List<Takeover> underWay = new ArrayList<>();
  private int next;

  /// @param hits in the order of time
  /// @param audit in the order of time; empty where the app has none
  /// @param loadStart epoch milliseconds at which event 0 was due
  /// @param usualMillis the latency of an output that counts as caught up
  public Takeovers(List<Hit> hits, List<AuditEvent> audit, long loadStart, long usualMillis) {
    this.usualMillis = usualMillis;
    this.audited = !audit.isEmpty();
    List<Strike> strikes = hits.stream().flatMap(hit -> hit.strikes().stream()).toList();
    List<Stretch> stretches = new ArrayList<>(calm(hits, loadStart));
    this.calm = stretches.size();
    for (int i = 0; i < hits.size(); i++) {
      Hit hit = hits.get(i);
      long next = i + 1 < hits.size() ? hits.get(i + 1).fault().at() : Long.MAX_VALUE;
      if (hit.held().isEmpty() || next <= hit.fault().at()) {
        faults.add(new Followed(hit, -1, List.of()));
        continue;
      }
      long over = Math.max(hit.fault().at(), hit.fault().healedAt()) + STRETCH_MILLIS;
      faults.add(new Followed(hit, stretches.size(), takeovers(hit, strikes)));
      stretches.add(new Stretch(hit.fault().at(), Math.min(next, over), next));
    }
    this.silences = new Silences(stretches);
    this.takeovers =
        faults.stream()
            .flatMap(fault -> fault.takeovers().stream())
            .sorted(Comparator.comparingLong(takeover -> takeover.strike().at()))
            .toList();
    takeovers.forEach(takeover -> takeover.readAudit(audit));
  }

  private static List<Takeover> takeovers(Hit hit, List<Strike> strikes) {
    return hit.strikes().stream()
        .filter(strike -> !strike.held().isEmpty())
        .map(strike -> new Takeover(strike, strikes))
        .toList();
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

  /// A task was seen to have sent something; all in the order of time.
  ///
  /// @param at epoch milliseconds
  /// @param due when its event was due, epoch milliseconds
  public void output(InputTask task, long at, long due) {
    silences.output(task, at, due);
    for (; next < takeovers.size() && takeovers.get(next).strike().at() <= at; next++) {
      takeovers.get(next).arm(lastSeen);
      underWay.add(takeovers.get(next));
    }
    lastSeen.put(task, at);
    boolean late = at - due > usualMillis;
    underWay.removeIf(takeover -> takeover.isOver(at));
    for (Takeover takeover : underWay) {
      if (!takeover.strike().held().contains(task)) {
        continue;
      }
      if (audited) {
        takeover.witnessed(task, at, late);
      } else {
        takeover.unwitnessed(task, at, late);
      }
    }
  }

  /// What came of each fault, in the order of the hits; outputs end with it.
  public List<Aftermath> aftermaths() {
    if (!audited) {
      takeovers.forEach(Takeover::conclude);
    }
    long usual = silences.usual(0, calm);
    List<Aftermath> all = new ArrayList<>();
    for (Followed fault : faults) {
      if (fault.stretch() < 0) {
        all.add(Aftermath.NONE);
        continue;
      }
      Map<String, Long> silence = new TreeMap<>();
      silences
          .longest(fault.stretch())
          .forEach((task, millis) ->
              silence.merge(
                  fault.hit().held().contains(task) ? "owned" : "others", millis, Math::max));
      if (usual >= 0) {
        silence.put("usual", usual);
      }
      all.add(new Aftermath(phases(fault.takeovers()), silence));
    }
    return all;
  }

  /// The longest of each phase that all have reached.
  private static Map<String, Long> phases(List<Takeover> takeovers) {
    Map<String, Long> longest = new TreeMap<>();
    takeovers.forEach(
        takeover -> takeover.phases().forEach((phase, at) -> longest.merge(phase, at, Math::max)));
    takeovers.forEach(takeover -> longest.keySet().retainAll(takeover.phases().keySet()));
    return longest;
  }
}
