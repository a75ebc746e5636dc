package dev.gretchen.engine.internal.worker;

import dev.gretchen.engine.Guarantee;
import dev.gretchen.engine.internal.commit.EpochRecords;
import dev.gretchen.engine.internal.commit.EpochWriter;
import dev.gretchen.engine.internal.commit.TransactionalWriter;
import dev.gretchen.engine.internal.commit.WriterSettings;
import dev.gretchen.engine.internal.http.HttpSurface;
import dev.gretchen.engine.internal.http.WorkerEndpoints;
import dev.gretchen.engine.internal.http.WorkerHttp;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.recovery.RecoveryEnd;
import dev.gretchen.engine.internal.store.MemoryStore;
import dev.gretchen.engine.internal.store.RocksLibrary;
import dev.gretchen.engine.internal.store.RocksStore;
import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.TaskParts;
import dev.gretchen.engine.internal.watch.WatchSettings;

/// The seams of the engine: the parts on which its promises hang, and those through which it meets
/// disk and network. A shipped worker always runs on [#standard]; the simulator brings its own disk
/// and no network, and the judge's own trial puts broken parts in place, from a module that is
/// never shipped.
///
/// @param writer makes the part that makes epochs visible
/// @param recoveryEnd where recoveries end
/// @param store opens the tables' local copy
/// @param endpoints opens what answers over HTTP
/// @param tasks the seams of every task
/// @param watch the bounds of the workers' watch over each other
public record EngineParts(
    WriterMaker writer,
    RecoveryEnd recoveryEnd,
    StoreMaker store,
    EndpointsMaker endpoints,
    TaskParts tasks,
    WatchSettings watch) {

  /// Makes an epoch writer.
  @FunctionalInterface
  public interface WriterMaker {
    EpochWriter make(
        Surroundings surroundings,
        EpochRecords records,
        Failpoints failpoints,
        Meters meters,
        Guarantee guarantee,
        WriterSettings settings);
  }

  /// Opens a store.
  @FunctionalInterface
  public interface StoreMaker {
    Store open(EngineSettings settings);
  }

  /// Opens endpoints.
  @FunctionalInterface
  public interface EndpointsMaker {
    WorkerEndpoints open(int port, HttpSurface surface);
  }

  /// The parts that are shipped.
  public static EngineParts standard() {
    return new EngineParts(
        TransactionalWriter::new,
        RecoveryEnd.standard(),
        EngineParts::openStore,
        WorkerHttp::open,
        TaskParts.standard(),
        WatchSettings.standard());
  }

  private static Store openStore(EngineSettings settings) {
    if (settings.stateInMemory()) {
      return new MemoryStore();
    }
    RocksLibrary.loadFrom(settings.stateDirectory().resolve("lib"));
    return RocksStore.open(settings.stateDirectory().resolve("tables"));
  }

  /// The same with another writer.
  public EngineParts withWriter(WriterMaker other) {
    return new EngineParts(other, recoveryEnd, store, endpoints, tasks, watch);
  }

  /// The same with another end of recoveries.
  public EngineParts withRecoveryEnd(RecoveryEnd other) {
    return new EngineParts(writer, other, store, endpoints, tasks, watch);
  }

  /// The same with another store.
  public EngineParts withStore(StoreMaker other) {
    return new EngineParts(writer, recoveryEnd, other, endpoints, tasks, watch);
  }

  /// The same with other endpoints.
  public EngineParts withEndpoints(EndpointsMaker other) {
    return new EngineParts(writer, recoveryEnd, store, other, tasks, watch);
  }

  /// The same with other seams of tasks.
  public EngineParts withTasks(TaskParts other) {
    return new EngineParts(writer, recoveryEnd, store, endpoints, other, watch);
  }

  /// The same with other bounds of the watch.
  public EngineParts withWatch(WatchSettings other) {
    return new EngineParts(writer, recoveryEnd, store, endpoints, tasks, other);
  }
}
