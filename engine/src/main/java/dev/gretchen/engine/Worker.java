package dev.gretchen.engine;

import dev.gretchen.engine.internal.ask.Patience;
import dev.gretchen.engine.internal.channel.Channels;
import dev.gretchen.engine.internal.global.GlobalCopy;
import dev.gretchen.engine.internal.surroundings.RealKafkaClients;
import dev.gretchen.engine.internal.surroundings.RealSurroundings;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.CurrentEvent;
import dev.gretchen.engine.internal.worker.Engine;
import dev.gretchen.engine.internal.worker.EngineParts;
import dev.gretchen.engine.internal.worker.EngineSettings;
import dev.gretchen.engine.internal.worker.WorkerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /// Starts a worker on chosen parts, in chosen surroundings: for the simulator.
  public static Worker start(
      App app, WorkerOptions options, EngineParts parts, Surroundings surroundings) {
    return new Worker(Engine.start(app.topology(), options.settings(), parts, surroundings));
  }

  private static Engine start(App app, WorkerOptions options, EngineParts parts) {
    EngineSettings settings = options.settings();
    return Engine.start(
        app.topology(),
        settings,
        parts,
        new RealSurroundings(new RealKafkaClients(options.connection()), settings.worker()));
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

  /// This worker's end of a channel, for whoever is no handler.
  ///
  /// @throws IllegalArgumentException if the channel is of another app
  public <T> ChannelEnd<T> channel(Channel<T> channel) {
    Channels channels = engine.channels();
    channels.required(channel.name());
    return new ChannelEnd<>(channel, channels);
  }

  /// Asks an agent and waits for its answer; for whoever is no handler, as an HTTP view is. The
  /// question is sent at once and handled as any event; the answer is seen when that is committed.
  ///
  /// The first question of a worker waits for its clients to be opened, too.
  ///
  /// @param within 1 ms to an hour
  /// @return empty if the agent has no answer
  /// @throws NoAnswer if none has come in time, or cannot come
  /// @throws IllegalStateException in a handler, which asks by [Answering#ask]
  /// @throws IllegalArgumentException if the agent is of another app
  public <K, V, R> Optional<R> ask(Answering<K, V, R> agent, K key, V value, Duration within) {
    return askAll(agent, List.of(Map.entry(key, value)), within).getFirst();
  }

  /// As [#ask], many questions at once.
  ///
  /// @param questions by key, in any order, a key as often as it may be
  /// @param within for all of them, 1 ms to an hour
  /// @return the answers in the order of the questions
  public <K, V, R> List<Optional<R>> askAll(
      Answering<K, V, R> agent, List<Map.Entry<K, V>> questions, Duration within) {
    agent.requireBound(within);
    if (CurrentEvent.isHandling()) {
      throw new IllegalStateException(
          agent.callee()
              + " is asked by Worker.ask outside handlers; in a handler ask by Answering.ask, which ends when the event is no longer this worker's, and gives the question an idempotency key");
    }
    return agent.decoded(
        engine.replies().ask(agent.callee(), agent.encoded(questions), within, Patience.PLAIN));
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
