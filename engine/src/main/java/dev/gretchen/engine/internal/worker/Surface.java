package dev.gretchen.engine.internal.worker;

import dev.gretchen.engine.internal.http.HttpSurface;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.recovery.StandbyTask;
import dev.gretchen.engine.internal.route.Asked;
import dev.gretchen.engine.internal.route.Routed;
import dev.gretchen.engine.internal.route.TableQuery;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The engine as its endpoints see it.
final class Surface implements HttpSurface {

  private final Engine engine;

  Surface(Engine engine) {
    this.engine = engine;
  }

  @Override
  public boolean isAlive() {
    return engine.isAlive();
  }

  @Override
  public boolean isReady() {
    return engine.isReady();
  }

  @Override
  public boolean isSettled() {
    return !engine.placement().isMoveDue()
        && engine.tasks().all().stream().allMatch(Task::isSettled);
  }

  @Override
  public String metrics() {
    return engine.meters().scrape();
  }

  @Override
  public List<HeldTable> tables() {
    List<HeldTable> held = new ArrayList<>();
    for (Task task : engine.tasks().all()) {
      for (String table : task.stores().keySet()) {
        held.add(new HeldTable(table, task.id().partition(), "active", stateOf(task)));
      }
    }
    for (StandbyTask standby : engine.placement().standbys()) {
      for (String table : standby.stores().keySet()) {
        if (engine.held(table, standby.id().partition()) == null) {
          held.add(asStandby(table, standby));
        }
      }
    }
    return held;
  }

  private HeldTable asStandby(String table, StandbyTask standby) {
    boolean readsAlong = engine.placement().hasCaughtUp(standby);
    return new HeldTable(
        table, standby.id().partition(), "standby", readsAlong ? "running" : "recovering");
  }

  @Override
  public Optional<OpenTable> open(String table, int partition) {
    for (Task task : engine.tasks().all()) {
      StorePartition store = task.id().partition() == partition ? task.stores().get(table) : null;
      if (store != null) {
        return Optional.of(
            new OpenTable(
                new HeldTable(table, partition, "active", stateOf(task)), store.snapshot()));
      }
    }
    for (StandbyTask standby : engine.placement().standbys()) {
      StorePartition store =
          standby.id().partition() == partition ? standby.stores().get(table) : null;
      if (store != null) {
        return Optional.of(new OpenTable(asStandby(table, standby), store.snapshot()));
      }
    }
    return Optional.empty();
  }

  @Override
  public Failpoints failpoints() {
    return engine.failpoints();
  }

  @Override
  public Map<String, Object> status() {
    return engine.status();
  }

  @Override
  public void ask(TableQuery query, Asked asked, Consumer<Routed> answered) {
    engine.router().ask(query, asked, answered);
  }

  private static String stateOf(Task task) {
    return task.stage().name().toLowerCase(Locale.ROOT);
  }
}
