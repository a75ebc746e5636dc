package dev.gretchen.engine.internal.route;

import dev.gretchen.engine.internal.assign.GroupView;
import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.store.StoreUnavailable;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.topology.Topology;
import dev.gretchen.engine.internal.window.WindowSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// Has any key of any table answered, whoever holds it.
///
/// **Whom it asks.** First the owner: this worker, or the one that the leader named at the last
/// assignment. If that one is gone, does not answer in time or says that it is not the owner (any
/// more, or yet), then whoever stands by for the task: this worker first, then others in the order
/// of their names. A standby's answer says how far behind it may be. An owner that has just taken
/// over, and still recovers, is waited for a moment: with a standby's disk it is done in less, and
/// nobody else has anything newer.
///
/// **No rounds.** A question that was handed on is answered by whom it reaches, or not at all
/// ([Asked]); so it passes two workers at most, whatever each of them believes.
///
/// **What an answer is worth.** Committed state alone. The owner's holds every commit that the
/// owner knows of. An owner that was frozen, evicted and goes on answers as owner until it is told,
/// which is its next poll.
///
/// Any thread. At most [#HANDED_ON_MAX] questions wait for other workers at a time; one more is
/// answered with that.
public final class TableRouter {

  /// Each keeps a connection and a thread that waits, here and at whom it asks.
  private static final int HANDED_ON_MAX = 64;

  /// Shorter than whoever has handed a question on waits for its answer.
  private static final Duration TAKEOVER_BOUND = Duration.ofMillis(700);

  private final Topology topology;
  private final String incarnation;
  private final Supplier<GroupView> view;
  private final ToIntFunction<String> partitionsOf;
  private final Here here;
  private final Peers peers;
  private final Executor waiting;
  private final Semaphore handedOn = new Semaphore(HANDED_ON_MAX);

  /// What this worker can say for itself.
  public interface Here {

    /// The owner's answer; empty unless the task runs here.
    Optional<TableAnswer> asOwner(TaskId task, String table, byte[] storedKey);

    /// The owner's answer as soon as the task runs here; empty if it does not within the bound.
    Optional<TableAnswer> onceItRuns(TaskId task, String table, byte[] storedKey, Duration bound);

    /// A standby's; empty unless this worker stands by, and knows how far it is behind.
    Optional<TableAnswer> asStandby(TaskId task, String table, byte[] storedKey);
  }

  /// @param incarnation of this worker
  /// @param view who has what, as this worker was told
  /// @param partitionsOf of an input topic
  /// @param waiting runs what may wait
  public TableRouter(
      Topology topology,
      String incarnation,
      Supplier<GroupView> view,
      Here here,
      ToIntFunction<String> partitionsOf,
      Peers peers,
      Executor waiting) {
    this.topology = topology;
    this.incarnation = incarnation;
    this.view = view;
    this.partitionsOf = partitionsOf;
    this.here = here;
    this.peers = peers;
    this.waiting = waiting;
  }

  /// Answers on a thread that may wait.
  public void ask(TableQuery query, Asked asked, Consumer<Routed> answered) {
    waiting.execute(() -> answered.accept(ask(query, asked)));
  }

  /// Answers, and waits for other workers where it must, within a bound.
  public Routed ask(TableQuery query, Asked asked) {
    TableSpec table = null;
    String topic = "";
    for (Map.Entry<String, List<TableSpec>> entry : topology.tablesByTopic().entrySet()) {
      for (TableSpec spec : entry.getValue()) {
        if (spec.name().equals(query.table())) {
          table = spec;
          topic = entry.getKey();
        }
      }
    }
    if (table == null) {
      return new Routed.Unknown("app " + topology.app() + " has no table " + query.table());
    }
    if (table.windows() instanceof WindowSpec.Join) {
      return new Routed.Unfit(
          "table "
              + table.name()
              + " is what a join holds of both sides, which cannot be asked for; have its handler keep or send what is to be known");
    }
    Long at = query.at();
    if (table.isWindowed() != (at != null)) {
      return new Routed.Unfit(
          table.isWindowed()
              ? "table " + table.name() + " has windows: say which by a moment in it, at=<millis>"
              : "table " + table.name() + " has no windows; ask without at");
    }
    if (table.windows() instanceof WindowSpec.Sessions) {
      return new Routed.Unfit(
          "table "
              + table.name()
              + " has sessions, which cannot be asked for from outside; have an agent send what is to be known of them");
    }
    int partition = Utils.toPositive(Utils.murmur2(query.key())) % partitionsOf.applyAsInt(topic);
    return ask(new TaskId(topic, partition), query, storedKey(table, query.key(), at), asked);
  }

  /// Of hopping windows that hold a moment the last to begin.
  private static byte[] storedKey(TableSpec table, byte[] key, @Nullable Long at) {
    WindowSpec.Aligned windows = table.aligned();
    ByteKey stored =
        at == null || windows == null
            ? StoreKeys.plain(key)
            : StoreKeys.windowed(windows.lastStart(at), key);
    return stored.bytes();
  }

  private Routed ask(TaskId task, TableQuery query, byte[] stored, Asked asked) {
    try {
      Optional<TableAnswer> own = here.asOwner(task, query.table(), stored);
      if (own.isEmpty() && asked != Asked.AS_STANDBY && isMine(task)) {
        own = here.onceItRuns(task, query.table(), stored, TAKEOVER_BOUND);
      }
      if (own.isPresent()) {
        return new Routed.Answered(own.get());
      }
      if (asked.mayHandOn()) {
        Optional<String> owner = ownerOf(task);
        Routed answer = handOn(task, query, stored, asked);
        // while its last owner was asked in vain, it may have got another one: this worker, even,
        // which then is no standby any more
        boolean anew = answer instanceof Routed.Nobody && !ownerOf(task).equals(owner);
        return anew ? askTheNext(task, query, stored, asked) : answer;
      }
      Optional<TableAnswer> copy =
          asked == Asked.AS_STANDBY
              ? here.asStandby(task, query.table(), stored)
              : Optional.empty();
      return copy.isPresent()
          ? new Routed.Answered(copy.get())
          : new Routed.Nobody(
              task
                  + (asked == Asked.AS_OWNER
                      ? " does not run here"
                      : " is not stood by for here, or how far behind is not known yet"),
              ownerName(task));
    } catch (StoreUnavailable stopping) {
      return new Routed.Nobody(String.valueOf(stopping.getMessage()), "");
    }
  }

  private Routed askTheNext(TaskId task, TableQuery query, byte[] stored, Asked asked) {
    Optional<TableAnswer> own =
        isMine(task)
            ? here.onceItRuns(task, query.table(), stored, TAKEOVER_BOUND)
            : Optional.empty();
    return own.isPresent() ? new Routed.Answered(own.get()) : handOn(task, query, stored, asked);
  }

  private Optional<String> ownerOf(TaskId task) {
    return view.get().owner(task).map(Peer::incarnation);
  }

  private Routed handOn(TaskId task, TableQuery query, byte[] stored, Asked asked) {
    GroupView now = view.get();
    List<String> said = new ArrayList<>();
    Optional<Peer> owner = now.owner(task);
    if (owner.isEmpty()) {
      said.add(task + " is nobody's yet");
    } else if (isSelf(owner.get())) {
      said.add(task + " is this worker's, and still recovers");
    } else {
      Routed answer = handOn(owner.get(), query, Asked.AS_OWNER, said);
      if (answer instanceof Routed.Answered) {
        return answer;
      }
    }
    if (asked == Asked.ANYBODY) {
      Optional<TableAnswer> copy = here.asStandby(task, query.table(), stored);
      if (copy.isPresent()) {
        return new Routed.Answered(copy.get());
      }
      for (Peer peer : now.peers()) {
        if (!isSelf(peer) && peer.standbys().contains(task)) {
          Routed answer = handOn(peer, query, Asked.AS_STANDBY, said);
          if (answer instanceof Routed.Answered) {
            return answer;
          }
        }
      }
      said.add("no standby can answer");
    }
    return new Routed.Nobody(String.join("; ", said), ownerName(task));
  }

  private Routed handOn(Peer peer, TableQuery query, Asked asked, List<String> said) {
    Routed answer;
    if (!handedOn.tryAcquire()) {
      answer = new Routed.Nobody(HANDED_ON_MAX + " questions wait for other workers already", "");
    } else {
      try {
        answer = peers.ask(peer, query, asked);
      } finally {
        handedOn.release();
      }
    }
    switch (answer) {
      case Routed.Answered _ -> {
        // said by itself
      }
      case Routed.Nobody(String why, _) -> said.add(peer.worker() + ": " + why);
      case Routed.Unknown(String why) -> said.add(peer.worker() + ": " + why);
      case Routed.Unfit(String why) -> said.add(peer.worker() + ": " + why);
    }
    return answer;
  }

  private boolean isMine(TaskId task) {
    return view.get().owner(task).filter(this::isSelf).isPresent();
  }

  private boolean isSelf(Peer peer) {
    return peer.incarnation().equals(incarnation);
  }

  private String ownerName(TaskId task) {
    return view.get()
        .owner(task)
        .filter(peer -> !isSelf(peer))
        .map(peer -> peer.worker() + "@" + peer.endpoint())
        .orElse("");
  }
}
