package dev.gretchen.engine.internal.worker;

import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.membership.Placement;
import dev.gretchen.engine.internal.membership.TaskTable;
import dev.gretchen.engine.internal.recovery.Recovery;
import dev.gretchen.engine.internal.recovery.StandbyTask;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.topology.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a worker shows of itself and of its group, as it was told at the last assignment.
final class Status {

  private Status() {}

  static Map<String, Object> of(
      Topology topology,
      Placement placement,
      TaskTable tasks,
      Map<TaskId, Recovery.Stage> recoveries,
      boolean isReady) {
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("app", topology.app());
    status.put("worker", placement.identity().worker());
    status.put("incarnation", placement.identity().incarnation());
    status.put("ready", isReady);
    leader(topology, placement, tasks).ifPresent(leader -> status.put("leader", leader));
    Map<String, String> stages = new TreeMap<>();
    tasks
        .all()
        .forEach(
            task -> stages.put(task.id().toString(), task.stage().name().toLowerCase(Locale.ROOT)));
    status.put("tasks", stages);
    Map<String, Object> shown = new TreeMap<>();
    recoveries.forEach((task, stage) ->
        shown.put(task.toString(), Map.of("missing", stage.missing(), "of", stage.records())));
    status.put("recoveries", shown);
    status.put(
        "standbys",
        placement.standbys().stream().map(StandbyTask::id).map(TaskId::toString).toList());
    List<Map<String, Object>> peers = new ArrayList<>();
    placement.view().peers().forEach(peer -> peers.add(shown(peer)));
    status.put("peers", peers);
    return status;
  }

  /// Who runs the app's leader tasks; empty for an app that has none.
  private static Optional<Map<String, @Nullable Object>> leader(
      Topology topology, Placement placement, TaskTable tasks) {
    if (!topology.hasTimers()) {
      return Optional.empty();
    }
    TaskId seat = topology.leaderSeat();
    Map<String, @Nullable Object> leader = new LinkedHashMap<>();
    leader.put("here", tasks.get(seat) != null);
    leader.put("worker", placement.view().owner(seat).map(Peer::worker).orElse(null));
    return Optional.of(leader);
  }

  private static Map<String, Object> shown(Peer peer) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("worker", peer.worker());
    shown.put("incarnation", peer.incarnation());
    shown.put("rack", peer.rack());
    shown.put("endpoint", peer.endpoint());
    shown.put("tasks", names(peer.actives()));
    shown.put("standbys", names(peer.standbys()));
    return shown;
  }

  private static List<String> names(Collection<TaskId> tasks) {
    return tasks.stream().map(TaskId::toString).toList();
  }
}
