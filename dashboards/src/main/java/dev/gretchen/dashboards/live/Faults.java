package dev.gretchen.dashboards.live;

import dev.gretchen.verifier.check.InputTask;
import dev.gretchen.verifier.check.Moment;
import dev.gretchen.verifier.check.Takeovers;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.verdict.FaultOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What was done to the cluster, and what came of the last of it, measured by the code by which a
/// run's report measures ([Takeovers]).
final class Faults {

  /// Outputs that are kept to measure with; beyond them the takeover is over, or hopeless.
  private static final int OUTPUTS_MAX = 20_000;

  /// Those before that are drawn no more.
  private static final int KEPT_MAX = 200;

  private static final long USUAL_MIN_MILLIS = 250;

  private record Output(InputTask task, long at, long due) {}

  private record Fault(LiveEvent.Struck struck, long healedAt, Set<InputTask> held) {

    Fault healed(long at) {
      return new Fault(struck, at, held);
    }
  }

  private final List<Fault> faults = new ArrayList<>();

  /// What workers told since the last fault, and before it their last word: until they tell of a
  /// takeover there is none, whatever outputs were under way. Only without any word of theirs is it
  /// read from outputs alone.
  private final List<AuditEvent> audit = new ArrayList<>();

  private @Nullable AuditEvent lastTold;

  /// Those since the last fault, and before them the last one of each task: who had none before
  /// cannot catch up.
  private final List<Output> outputs = new ArrayList<>();

  private final Map<InputTask, Output> latest = new TreeMap<>();
  private long usualMillis = USUAL_MIN_MILLIS;

  /// What came of the last fault, once its takeover is over.
  private Takeovers.@Nullable Aftermath settled;

  /// @param held what the target owned
  /// @param usual the latency of an output that counts as caught up, milliseconds
  void struck(LiveEvent.Struck fault, Set<InputTask> held, long usual) {
    faults.add(new Fault(fault, 0, Set.copyOf(held)));
    if (faults.size() > KEPT_MAX) {
      faults.removeFirst();
    }
    usualMillis = Math.max(USUAL_MIN_MILLIS, usual);
    settled = null;
    audit.clear();
    if (lastTold != null) {
      audit.add(lastTold);
    }
    outputs.clear();
    latest.values().stream().sorted(Comparator.comparingLong(Output::at)).forEach(outputs::add);
  }

  void healed(String target, long at) {
    faults.replaceAll(fault ->
        fault.struck().target().equals(target) && fault.healedAt() == 0 ? fault.healed(at) : fault);
  }

  void told(AuditEvent entry) {
    lastTold = entry;
    if (isFollowed(audit.size())) {
      audit.add(entry);
    }
  }

  /// @param due when its event was in the input log, epoch milliseconds
  void output(InputTask task, long at, long due) {
    Output output = new Output(task, at, due);
    latest.put(task, output);
    if (isFollowed(outputs.size())) {
      outputs.add(output);
    }
  }

  private boolean isFollowed(int kept) {
    return !faults.isEmpty() && settled == null && kept < OUTPUTS_MAX;
  }

  /// The last one and its phases so far, null before the first.
  LiveView.@Nullable Fault view() {
    if (faults.isEmpty()) {
      return null;
    }
    Fault last = faults.getLast();
    Takeovers.Aftermath aftermath = settled == null ? aftermath(last) : settled;
    if (aftermath.phases().containsKey("caughtUp")) {
      settled = aftermath;
    }
    Map<String, Long> phases = new LinkedHashMap<>();
    aftermath.phases().entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .forEach(phase -> phases.put(phase.getKey(), phase.getValue()));
    return new LiveView.Fault(
        faults.size(),
        last.struck().kind(),
        last.struck().target(),
        last.healedAt() > 0,
        phases,
        aftermath.silence());
  }

  /// As if the load had begun with the fault: there is no calm before it to be measured.
  private Takeovers.Aftermath aftermath(Fault fault) {
    if (fault.held().isEmpty()) {
      return Takeovers.Aftermath.NONE;
    }
    LiveEvent.Struck struck = fault.struck();
    Moment moment =
        new Moment(
            struck.kind(), struck.target(), struck.at(), fault.healedAt(), struck.endsProcess());
    List<AuditEvent> inOrder =
        audit.stream().sorted(Comparator.comparingLong(AuditEvent::at)).toList();
    Takeovers takeovers =
        new Takeovers(
            List.of(new Takeovers.Hit(moment, fault.held())), inOrder, struck.at(), usualMillis);
    outputs.forEach(output -> takeovers.output(output.task(), output.at(), output.due()));
    return takeovers.aftermaths().getFirst();
  }

  /// For the timeline, which numbers them by their place, from 1.
  List<FaultOutcome> outcomes() {
    return faults.stream().map(Faults::outcome).toList();
  }

  private static FaultOutcome outcome(Fault fault) {
    LiveEvent.Struck struck = fault.struck();
    return new FaultOutcome(
        struck.code(),
        struck.kind(),
        struck.target(),
        struck.at(),
        fault.healedAt(),
        true,
        0,
        "done by hand",
        Map.of(),
        Map.of());
  }

  /// Those in force, for Prometheus.
  List<LiveEvent.Struck> inForce() {
    return faults.stream().filter(fault -> fault.healedAt() == 0).map(Fault::struck).toList();
  }
}
