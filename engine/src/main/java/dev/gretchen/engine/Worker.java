package dev.gretchen.engine;

import dev.gretchen.engine.internal.global.GlobalCopy;
import dev.gretchen.engine.internal.surroundings.RealKafkaClients;
import dev.gretchen.engine.internal.surroundings.RealSurroundings;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.worker.Engine;
import dev.gretchen.engine.internal.worker.EngineParts;
import dev.gretchen.engine.internal.worker.EngineSettings;
import dev.gretchen.engine.internal.worker.WorkerProcess;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One running process of an [App], or one of several in a JVM.
public final class Worker implements AutoCloseable {

  private final Engine engine;

  private Worker(Engine engine) {
    this.engine = engine;
  }

  /// Runs an app as a process, until SIGTERM (exit status 0: it has drained, committed and left the
  /// group) or until it fails (exit status 1). What surrounds it keeps it from starting, as a state
  /// directory that another process has open: one sentence and exit status 3. Every app has this
  /// command line: see [WorkerOptions#HELP]. Bad options, the app's own among them: one sentence
  /// and exit status 64.
  ///
  /// @param app makes the app; takes the options of its own
  public static void main(String[] arguments, Function<WorkerOptions, App> app) {
    main(arguments, app, EngineParts.standard());
  }

  /// As [#main(String[], Function)], on chosen parts: for the trial of the judge.
  public static void main(String[] arguments, Function<WorkerOptions, App> app, EngineParts parts) {
    WorkerProcess.run(() -> {
      WorkerOptions options = WorkerOptions.of(arguments);
      return start(app.apply(options), options, parts);
    });
  }

  /// As [#main(String[], Function)], for an app and options that are complete.
  public static void main(App app, WorkerOptions options) {
    main(app, options, EngineParts.standard());
  }

  /// As [#main(App, WorkerOptions)], on chosen parts: for the trial of the judge.
  public static void main(App app, WorkerOptions options, EngineParts parts) {
    WorkerProcess.run(() -> start(app, options, parts));
  }

  /// Starts a worker in this JVM.
  ///
  /// @throws RuntimeException with a sentence that says what keeps it from starting
  public static Worker start(App app, WorkerOptions options) {
    return new Worker(start(app, options, EngineParts.standard()));
  }

  /// Starts a worker on chosen parts, in chosen surroundings, without a front: for the simulator.
  public static Worker start(
      App app, WorkerOptions options, EngineParts parts, Surroundings surroundings) {
    Engine engine = Engine.start(app.topology(), options.settings(), parts, surroundings);
    engine.serving().begin(null);
    return new Worker(engine);
  }

  private static Engine start(App app, WorkerOptions options, EngineParts parts) {
    EngineSettings settings = options.settings();
    Engine engine =
        Engine.start(
            app.topology(),
            settings,
            parts,
            new RealSurroundings(new RealKafkaClients(options.connection()), settings.worker()));
    Front front = app.front();
    try {
      engine
          .serving()
          .begin(
              front == null
                  ? null
                  : front.open(new Worker(engine), new Web(engine.serving().routes())));
    } catch (RuntimeException unserved) {
      engine.stop();
      throw unserved;
    }
    return engine;
  }

  /// This worker's name: its slot.
  public String name() {
    return engine.name();
  }

  /// This process of it, as the audit topic has it.
  public String incarnation() {
    return engine.incarnation();
  }

  /// Writes to a topic outside handlers.
  public <K, V> TopicWriter<K, V> writer(Topic<K, V> topic) {
    return new TopicWriter<>(topic, engine.serving().outlet(topic.name()));
  }

  /// Has this worker read all partitions of a topic, committed records alone, until it stops.
  ///
  /// @param topic one of its app's
  /// @param lastRecords where to begin: so many offsets before the end of each partition
  public <K, V> void follow(Topic<K, V> topic, int lastRecords, Follower<K, V> follower) {
    engine.serving().follow(topic.name(), lastRecords, new Reading<>(topic, follower));
  }

  /// Committed state of a table's partitions that this worker holds, for reading outside handlers.
  public <K, V> TableView<K, V> view(Table<K, V> table) {
    return table.view(engine);
  }

  /// This worker's copy of a global table.
  ///
  /// @throws IllegalArgumentException if it is of another app
  public <K, V> GlobalView<K, V> view(GlobalTable<K, V> table) {
    GlobalCopy copy = engine.global(table.name());
    if (copy == null) {
      throw new IllegalArgumentException(
          table + " is not one of this worker's app; declare it with app.globalTable(...)");
    }
    return new GlobalView<>(table, copy);
  }

  /// The port of the endpoints, on loopback.
  public int httpPort() {
    return engine.httpPort();
  }

  /// Waits until the worker fails; returns why, or null if it did not within the bound.
  public @Nullable Throwable awaitFailure(Duration bound) {
    return engine.awaitEnd(bound);
  }

  /// Drains, commits, leaves the group and closes.
  @Override
  public void close() {
    engine.stop();
  }
}
