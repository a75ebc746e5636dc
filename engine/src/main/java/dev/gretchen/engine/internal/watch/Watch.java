package dev.gretchen.engine.internal.watch;

import dev.gretchen.engine.internal.assign.GroupView;
import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.membership.GroupEvents;
import dev.gretchen.engine.internal.observe.Audit;
import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.surroundings.Activity;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.surroundings.link.LinkEvent;
import dev.gretchen.engine.internal.surroundings.link.Links;
import dev.gretchen.engine.internal.task.TaskId;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the other workers of the group, and is watched by them.
///
/// Each turn takes what came in, sends a pulse if one is due, has the [Lookout] look around, and
/// carries out what it decides: evictions go to the [Eviction], which takes one at a time, and
/// while it is at work, the next one is decided anew with each look; whoever hears that somebody
/// was evicted joins the group again at once, because the group waits for everybody.
///
/// **Threads.** One activity, to which the lookout and the mesh belong. The links' thread and the
/// polling thread only put something into the inbox.
public final class Watch implements Activity, GroupEvents {

  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  /// Frames that wait to be read. Beyond it they are dropped, which looks like a bad link.
  private static final int INBOX_MAX = 4_096;

  private final Surroundings surroundings;
  private final WatchSettings settings;
  private final Supplier<GroupView> view;
  private final Eviction eviction;
  private final IntConsumer rejoin;
  private final Audit audit;
  private final Meters meters;
  private final Monitor monitor;
  private final String instance;
  private final String transactionalId;
  private final String address;
  private final LinkedBlockingQueue<Input> inbox = new LinkedBlockingQueue<>();
  private volatile boolean urgent;
  private volatile boolean stopping;
  private volatile @Nullable Peer twin;

  /// Counted by the polling thread.
  private volatile long progress;

  // confined to the watch's thread
  private final Lookout lookout;
  private final Mesh mesh;
  private Set<Life> told = Set.of();
  private long pulseAt;

  private sealed interface Input {
    record OfLink(LinkEvent event) implements Input {}

    record Call(Runnable action) implements Input {}
  }

  /// Listens; the others find it at [#address].
  ///
  /// @param view who the others are, by the latest assignment; asked on the polling thread
  /// @param instance this worker's `group.instance.id`
  /// @param host where to listen, and where the others find this worker
  /// @param rejoin has the polling thread join the group again, unless it has done so since a
  ///   generation; must not block
  /// @throws IOException if nobody can listen there
  public Watch(
      Surroundings surroundings,
      WatchSettings settings,
      Supplier<GroupView> view,
      Eviction eviction,
      String instance,
      String transactionalId,
      String host,
      IntConsumer rejoin,
      Audit audit,
      Meters meters)
      throws IOException {
    this.surroundings = surroundings;
    this.settings = settings;
    this.view = view;
    this.eviction = eviction;
    this.rejoin = rejoin;
    this.audit = audit;
    this.meters = meters;
    this.monitor = surroundings.monitor();
    this.lookout = new Lookout(instance, settings);
    Links.Harbour harbour = surroundings.links().listen(host, this::put);
    this.mesh = new Mesh(harbour, lookout, instance);
    this.instance = instance;
    this.transactionalId = transactionalId;
    this.address = harbour.address();
  }

  /// Where the links of the others come in, as `host:port`.
  public String address() {
    return address;
  }

  // what others say

  private void put(LinkEvent event) {
    boolean isPulse =
        event instanceof LinkEvent.Received(_, byte[] frame) && Message.isPulse(frame);
    if (isPulse && inbox.size() >= INBOX_MAX) {
      return;
    }
    inbox.add(new Input.OfLink(event));
    if (!isPulse) {
      hurry();
    }
  }

  private void call(Runnable action) {
    inbox.add(new Input.Call(action));
    hurry();
  }

  private void hurry() {
    urgent = true;
    monitor.signal();
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // the polling thread alone counts
  public void polled() {
    progress++;
  }

  @Override
  public void assigned(int generation, Collection<TopicPartition> gained) {
    Peers peers = Peers.of(generation, view.get());
    Set<TaskId> mine = new TreeSet<>();
    gained.forEach(input -> mine.add(TaskId.of(input)));
    call(() -> follow(peers, mine));
  }

  @Override
  public void revoking() {
    call(lookout::revoking);
  }

  @Override
  public void leaving() {
    call(() -> mesh.takeLeave(new Message.Farewell(instance)));
  }

  @Override
  public void left() {
    call(() -> mesh.takeLeave(new Message.Left(instance)));
  }

  /// Another living process with this worker's transactional id, or null. From any thread.
  public @Nullable Peer twin() {
    return twin;
  }

  /// Ends with the next step, and closes all links.
  public void stop() {
    stopping = true;
    monitor.signal();
  }

  /// Closes all links, if it was never started.
  public void close() {
    mesh.close();
  }

  // the watch's own

  @Override
  public boolean step() {
    long wait = Math.max(0, pulseAt - surroundings.nanoTime());
    monitor.await(() -> stopping || urgent, Duration.ofNanos(wait));
    urgent = false;
    boolean last = stopping;
    long now = surroundings.nanoTime();
    for (Input input = inbox.poll(); input != null; input = inbox.poll()) {
      switch (input) {
        case Input.OfLink(LinkEvent event) -> hear(mesh.take(event, now), now);
        case Input.Call(Runnable action) -> action.run();
      }
    }
    if (last) {
      mesh.close();
      return false;
    }
    mesh.requireLinks();
    mesh.connect(now);
    lookout.look(now).forEach(decision -> carryOut(decision, now));
    twin = lookout.twin(transactionalId, now);
    pulse(now);
    return true;
  }

  private void pulse(long now) {
    Set<Life> suspects = lookout.suspects();
    boolean isDue = now >= pulseAt;
    if (isDue || !suspects.equals(told)) {
      mesh.broadcast(new Message.Pulse(instance, progress, suspects));
      told = suspects;
    }
    if (isDue) {
      pulseAt = now + settings.pulseEvery().toNanos();
    }
  }

  private void follow(Peers peers, Set<TaskId> gained) {
    long now = surroundings.nanoTime();
    lookout.assigned(peers, gained, now);
    mesh.follow(peers, instance, now);
  }

  private void hear(@Nullable Message message, long now) {
    switch (message) {
      case null -> {
        // the mesh has dealt with it
      }
      case Message.Hello _ -> {
        // likewise
      }
      case Message.Pulse pulse -> lookout.heard(pulse, now);
      case Message.Farewell(String leaving) -> lookout.farewell(leaving);
      case Message.Left(String gone) -> {
        if (lookout.left(gone)) {
          rejoin.accept(lookout.peers().generation());
        }
      }
      case Message.Evicted(String by, Set<Life> lives) -> {
        if (lookout.find(by) != null) {
          evicted(by, lives, now);
        }
      }
    }
  }

  private void evicted(String by, Set<Life> lives, long now) {
    boolean mine = lookout.isAmong(lives);
    if (mine) {
      LOG.atWarn().addKeyValue("by", by).log("evicted though alive, joining again");
      meters.watched("evicted-alive");
    }
    if (!lookout.evicted(lives, now).isEmpty() || mine) {
      rejoin.accept(lookout.peers().generation());
    }
  }

  private void carryOut(Decision decision, long now) {
    switch (decision) {
      case Decision.Suspected(Peer peer, Decision.Reason reason, long since) ->
          tell(
              "suspected",
              peer,
              Map.of(
                  "reason",
                  reason.name().toLowerCase(Locale.ROOT),
                  "well",
                  surroundings.clock().millis()
                      - Duration.ofNanos(since == Watched.NEVER ? 0 : now - since).toMillis()));
      case Decision.Cleared(Peer peer) -> tell("cleared", peer, Map.of());
      case Decision.Storm(int silent, int peers) -> {
        LOG.atWarn()
            .addKeyValue("silent", silent)
            .addKeyValue("peers", peers)
            .log("most peers look silent, so it is probably this worker; nobody is evicted");
        meters.watched("storm");
      }
      case Decision.Evict(List<Peer> peers, boolean again) -> {
        if (eviction.takes(new Eviction.Order(peers, true, again, outcome(peers)))) {
          lookout.evicting(peers, now);
        }
      }
      case Decision.Fence(List<Peer> peers) -> {
        if (eviction.takes(new Eviction.Order(peers, false, false, outcome(peers)))) {
          lookout.fencing(peers);
        }
      }
    }
  }

  private Outcome outcome(List<Peer> peers) {
    return new Outcome(peers, surroundings.clock().millis());
  }

  private final class Outcome implements Eviction.Outcome {
    private final List<Peer> peers;
    private final long decided;

    Outcome(List<Peer> peers, long decided) {
      this.peers = peers;
      this.decided = decided;
    }

    @Override
    public void removed() {
      call(() -> {
        Set<Life> lives = new TreeSet<>();
        peers.forEach(peer -> lives.add(Life.of(peer)));
        mesh.broadcast(new Message.Evicted(instance, lives));
        lookout.evicted(lives, surroundings.nanoTime());
        rejoin.accept(lookout.peers().generation());
      });
      peers.forEach(peer -> tell("evicted", peer, Map.of("decided", decided)));
    }

    @Override
    public void fenced(List<Peer> fenced) {
      fenced.forEach(peer -> tell("fenced", peer, Map.of("decided", decided)));
    }

    @Override
    public void failed() {
      call(() -> lookout.unanswered(surroundings.nanoTime()));
    }

    @Override
    public void ended() {
      // what was decided meanwhile is looked at again
      hurry();
    }
  }

  private void tell(String event, Peer peer, Map<String, Object> more) {
    LOG.atInfo()
        .addKeyValue("peer", peer.instance())
        .addKeyValue("more", more)
        .log("peer {}", event);
    audit.peer(event, peer.worker(), peer.instance(), more);
    meters.watched(event);
  }
}
