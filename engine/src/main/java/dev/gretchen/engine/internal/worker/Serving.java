package dev.gretchen.engine.internal.worker;

import dev.gretchen.engine.Front;
import dev.gretchen.engine.internal.http.Routes;
import dev.gretchen.engine.internal.outside.Following;
import dev.gretchen.engine.internal.outside.Outlet;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// What an app serves on this worker beside its agents, and what it does in Kafka for that. Any
/// thread; opened and closed by one.
public final class Serving {

  private static final Duration STOP_BOUND = Duration.ofSeconds(10);

  private final Surroundings surroundings;
  private final String clientId;
  private final ToIntFunction<String> partitionsOf;
  private final Consumer<@Nullable Throwable> ended;
  private final Routes routes = new Routes();
  private final Outlet outlet;
  private final AtomicReference<Front.@Nullable Service> service = new AtomicReference<>();

  // guarded by this
  private final List<Following> followings = new ArrayList<>();
  private final List<Surroundings.Running> running = new ArrayList<>();
  private boolean closed;

  /// @param partitionsOf a topic of the app
  /// @param ended told when a following has ended, and by what
  Serving(
      Surroundings surroundings,
      String clientId,
      ToIntFunction<String> partitionsOf,
      Consumer<@Nullable Throwable> ended) {
    this.surroundings = surroundings;
    this.clientId = clientId;
    this.partitionsOf = partitionsOf;
    this.ended = ended;
    this.outlet = new Outlet(surroundings.kafka(), clientId);
  }

  /// What is served beside the engine's own endpoints.
  public Routes routes() {
    return routes;
  }

  /// Serves what has been registered, from now on.
  ///
  /// @param opened the app's front; null if it has none
  public void begin(Front.@Nullable Service opened) {
    service.set(opened);
    routes.open();
  }

  /// Whether everything that is served can be served.
  boolean isReady() {
    Front.Service serving = service.get();
    return routes.isOpen() && (serving == null || serving.isReady());
  }

  /// What writes to a topic outside handlers.
  public Outlet outlet(String topic) {
    outlet.warm(topic);
    return outlet;
  }

  /// Has a topic read until the worker stops.
  ///
  /// @param topic one of the app's
  /// @param lastRecords where to begin: so many offsets before the end of each partition
  public synchronized void follow(String topic, int lastRecords, Following.Reader reader) {
    if (closed) {
      return;
    }
    Following following =
        new Following(
            topic, partitionsOf.applyAsInt(topic), lastRecords, reader, surroundings, clientId);
    followings.add(following);
    running.add(surroundings.start("follow-" + topic, following, ended));
  }

  /// Lets go of the clients first; then nothing is written or read for them any more.
  void close() {
    routes.close();
    Front.Service opened = service.getAndSet(null);
    if (opened != null) {
      opened.close();
    }
    outlet.close();
    synchronized (this) {
      closed = true;
      followings.forEach(Following::stop);
      running.forEach(activity -> activity.awaitEnd(STOP_BOUND));
    }
  }
}
