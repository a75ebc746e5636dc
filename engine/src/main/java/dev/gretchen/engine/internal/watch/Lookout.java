package dev.gretchen.engine.internal.watch;

import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Decides who looks dead, and who is to do something about it. Pure: what is seen goes in, with
/// the time, and decisions come out.
///
/// **Suspicion.** A link that was closed and a port that refuses are death: kernels do not lie
/// about that, and one watcher is enough. Silence, or a poll loop that stands still, may be the
/// watcher's own trouble: where there are three workers or more, a second one must say the same, in
/// its pulses. If most peers are silent at once, it is nobody else's.
///
/// **One evictor.** The lowest living member by name, at once; each further one waits one turn
/// longer, in case that one cannot. All suspects that are agreed on go together, because the group
/// waits for each of its members before it goes on. An eviction of somebody who is no member any
/// more has succeeded.
///
/// **Decided until it is begun.** What nobody could begin to carry out is decided anew with each
/// look, on what is seen by then.
///
/// **Lives.** Everything is known of a [Life], not of a process. Who comes back from an eviction
/// has begun another life, and is not silent before it was heard in it: so where only workers are
/// cut from each other, and each reaches Kafka, each evicts the other once and no more.
///
/// **Zombies.** Who was held up for so long that the others may have evicted it knows a group that
/// may be no more; it would fence those who have come since. It evicts nobody until it has an
/// assignment again, or has not been thrown out for a while. So does who got no answer from the
/// brokers.
///
/// **Why a mistake is harmless.** Fencing decides, not watching: whoever was evicted while it lived
/// finds its commits refused by generation and producer epoch, voids what it staged, and joins
/// again.
///
/// Not thread-safe: confined to the watch's thread.
final class Lookout {

  private static final int WATCHED_MIN_FOR_A_STORM = 2;

  /// Silences that one waits who was held up: many heartbeats, with which Kafka says so.
  private static final int STANDS_BACK = 2;

  private final String self;
  private final WatchSettings settings;
  private final Restraint restraint;
  private final TreeMap<String, Watched> watched = new TreeMap<>();
  private final List<Gone> gone = new ArrayList<>();
  private Peers peers = Peers.NONE;
  private long lookedAt = Watched.NEVER;
  private long standsBackUntil = Long.MIN_VALUE;
  private boolean storm;
  private boolean revoking;

  private record Gone(Peer peer, long at) {}

  /// @param self this worker's `group.instance.id`
  Lookout(String self, WatchSettings settings) {
    this.self = self;
    this.settings = settings;
    this.restraint = new Restraint(settings);
  }

  // what is seen

  /// There is a new assignment.
  ///
  /// @param gained tasks that it brought here
  void assigned(Peers next, Collection<TaskId> gained, long now) {
    for (Peer before : peers.members()) {
      boolean hasGone = next.find(before.instance()) == null && !next.members().isEmpty();
      if (hasGone && owes(before, gained)) {
        gone.add(new Gone(before, now));
      }
    }
    Map<String, Watched> known = Map.copyOf(watched);
    watched.clear();
    for (Peer peer : next.members()) {
      if (!peer.instance().equals(self)) {
        Watched before = known.get(peer.instance());
        watched.put(
            peer.instance(),
            before != null && before.life().equals(Life.of(peer))
                ? before.under(peer)
                : new Watched(peer));
      }
    }
    peers = next;
    revoking = false;
    standsBackUntil = Long.MIN_VALUE;
  }

  /// A rebalance is about to end here. Until it has, there may be watchers that this worker does
  /// not know, and would have to ask before it takes anybody's silence for more than its own
  /// trouble.
  void revoking() {
    revoking = true;
  }

  /// Whether it may have left a transaction open that holds up partitions which came here, and
  /// nobody has seen to that.
  private boolean owes(Peer before, Collection<TaskId> gained) {
    Watched known = watched.get(before.instance());
    return known != null
        && !known.isEvicted()
        && !known.isLeaving()
        && before.actives().stream().anyMatch(gained::contains);
  }

  /// A pulse came.
  void heard(Message.Pulse pulse, long now) {
    Watched peer = watched.get(pulse.instance());
    if (peer != null) {
      peer.heard(pulse.progress(), pulse.suspects(), now);
    }
  }

  /// It has ended its link to here. If it has died, its port refuses. If it lives, it does not
  /// count this worker among the members any more, and that is no silence.
  void unlinked(String instance) {
    Watched peer = watched.get(instance);
    if (peer != null) {
      peer.fallsSilent();
    }
  }

  /// It leaves in order.
  void farewell(String instance) {
    Watched peer = watched.get(instance);
    if (peer != null) {
      peer.leaves();
    }
    // its partitions may have come before its word
    gone.removeIf(each -> each.peer.instance().equals(instance));
  }

  /// It has left in order.
  ///
  /// @return whether it was a member as far as this worker knew, which has to join again then; it
  ///   is no watcher any more
  boolean left(String instance) {
    farewell(instance);
    Watched peer = watched.get(instance);
    if (peer == null || peer.isEvicted()) {
      return false;
    }
    peer.evicted();
    return true;
  }

  /// It answered on the link to it.
  void reached(String instance) {
    Watched peer = watched.get(instance);
    if (peer != null) {
      peer.reached();
    }
  }

  /// Its link has ended, and nobody listens, or somebody else does, where it listened.
  void refused(String instance) {
    Watched peer = watched.get(instance);
    if (peer != null) {
      peer.refused();
    }
  }

  /// They were evicted, by whomever.
  ///
  /// @return those of them that were members as far as this worker knew: for their sake it has to
  ///   join again
  Set<Life> evicted(Set<Life> lives, long now) {
    Set<Life> news = new TreeSet<>();
    for (Watched peer : watched.values()) {
      Life life = peer.life();
      if (lives.contains(life) && !peer.isEvicted()) {
        peer.evicted();
        Decision.Reason reason = peer.reason();
        restraint.evicted(
            peer.peer().worker(), reason == null ? Decision.Reason.SILENT : reason, now);
        news.add(life);
      }
    }
    return news;
  }

  /// An eviction of them has begun.
  void evicting(List<Peer> suspects, long now) {
    suspects.forEach(suspect -> {
      Watched peer = watched.get(suspect.instance());
      if (peer != null) {
        peer.asked(now);
      }
    });
  }

  /// The brokers have not answered this worker, and have perhaps not heard it either.
  void unanswered(long now) {
    standsBackUntil = now + STANDS_BACK * settings.silentAfter().toNanos();
  }

  /// They are being fenced.
  void fencing(List<Peer> absent) {
    gone.removeIf(each -> absent.contains(each.peer));
  }

  // what follows

  /// Looks around. Who is to be evicted or fenced is decided each time, until told that it has
  /// begun.
  List<Decision> look(long now) {
    if (lookedAt != Watched.NEVER && now - lookedAt > settings.heldUpAfter().toNanos()) {
      watched.values().forEach(peer -> peer.beginAnew(now));
      if (now - lookedAt > settings.silentAfter().toNanos()) {
        standsBackUntil = now + STANDS_BACK * settings.silentAfter().toNanos();
      }
    }
    lookedAt = now;
    List<Decision> decisions = new ArrayList<>();
    judge(now, decisions);
    evict(now, decisions);
    succeed(now, decisions);
    return decisions;
  }

  private void judge(long now, List<Decision> decisions) {
    int living = 0;
    int silent = 0;
    for (Watched peer : watched.values()) {
      Decision.Reason found = peer.reasonAt(now, settings);
      if (!peer.isEvicted() && !peer.isLeaving() && found != Decision.Reason.DEAD) {
        living++;
        silent += found == Decision.Reason.SILENT ? 1 : 0;
      }
    }
    boolean before = storm;
    storm = living >= WATCHED_MIN_FOR_A_STORM && 2 * silent > living;
    if (storm && !before) {
      decisions.add(new Decision.Storm(silent, living));
    }
    for (Watched peer : watched.values()) {
      Decision.Reason found = peer.isEvicted() ? null : peer.reasonAt(now, settings);
      if (storm && found == Decision.Reason.SILENT) {
        found = null;
      }
      Decision.Reason known = peer.reason();
      if (found == known) {
        continue;
      }
      peer.judge(found);
      if (found != null) {
        decisions.add(new Decision.Suspected(peer.peer(), found, peer.wellAt()));
      } else if (!peer.isEvicted()) {
        decisions.add(new Decision.Cleared(peer.peer()));
      }
    }
  }

  private void evict(long now, List<Decision> decisions) {
    if (now < standsBackUntil) {
      return;
    }
    List<Watched> agreed = new ArrayList<>();
    boolean isMyTurn = false;
    int rank = rank();
    for (Watched suspect : watched.values()) {
      Decision.Reason reason = suspect.reason();
      if (reason == null || suspect.isEvicted() || !hasWatchersEnough(suspect, reason, now)) {
        suspect.disagreed();
        continue;
      }
      long since = suspect.agreed(now);
      if (!suspect.wasAskedSince(now - settings.askedAgainAfter().toNanos())
          && agreed.size() < Message.LIVES_MAX
          && restraint.allows(suspect.peer().worker(), reason, agreed.size(), now)) {
        agreed.add(suspect);
        Duration turn = reason == Decision.Reason.DEAD ? settings.turnOfTheDead() : settings.turn();
        isMyTurn |= now - since >= turn.toNanos() * rank;
      }
    }
    if (isMyTurn) {
      decisions.add(
          new Decision.Evict(
              agreed.stream().map(Watched::peer).toList(),
              agreed.stream().anyMatch(suspect -> suspect.reason() != Decision.Reason.DEAD)));
    }
  }

  /// How many living members come before this one.
  private int rank() {
    Peer me = peers.find(self);
    if (me == null) {
      return watched.size();
    }
    return (int)
        watched.values().stream()
            .filter(peer -> !peer.isSuspect() && !peer.isEvicted() && !peer.isLeaving())
            .filter(peer -> Peer.BY_NAME.compare(peer.peer(), me) < 0)
            .count();
  }

  private boolean hasWatchersEnough(Watched suspect, Decision.Reason reason, long now) {
    if (reason == Decision.Reason.DEAD) {
      return true;
    }
    if (revoking) {
      return false;
    }
    // one that is leaving is a watcher until it has left, or its farewell would be a second word
    List<Watched> others =
        watched.values().stream().filter(peer -> peer != suspect && mayWatch(peer, now)).toList();
    long saying =
        1
            + others.stream()
                .filter(peer -> !peer.isSuspect() && peer.suspects(suspect.life()))
                .count();
    return saying >= Math.min(settings.watchersMin(), 1 + others.size());
  }

  /// Whether it is a member that watches, or may be one. Somebody who was evicted and lives joins
  /// again at once; this worker is told of it by its own next assignment only, and that may have to
  /// wait for others.
  private boolean mayWatch(Watched peer, long now) {
    boolean hasLeft = peer.isEvicted() && peer.isLeaving();
    return !hasLeft && peer.reasonAt(now, settings) != Decision.Reason.DEAD;
  }

  /// Whoever gains a partition from a member that is no longer in the group fences that member,
  /// also after a plain session time-out: its transaction may still be open. Not one that left in
  /// order, whose word may come a moment later, nor one whose slot is back, since the new process
  /// has fenced the old one itself. What this worker cannot know of that, the [Eviction] asks the
  /// brokers.
  private void succeed(long now, List<Decision> decisions) {
    gone.removeIf(
        each -> isDue(each, now) && peers.hasTransactionalId(each.peer.transactionalId()));
    List<Peer> due = gone.stream().filter(each -> isDue(each, now)).map(Gone::peer).toList();
    if (!due.isEmpty()) {
      decisions.add(new Decision.Fence(due));
    }
  }

  private boolean isDue(Gone each, long now) {
    return now - each.at >= settings.pulseEvery().toNanos();
  }

  // what others may ask

  /// Whom this worker suspects at present.
  Set<Life> suspects() {
    Set<Life> suspects = new TreeSet<>();
    watched.values().stream()
        .filter(Watched::isSuspect)
        .filter(peer -> !peer.isEvicted())
        .forEach(peer -> suspects.add(peer.life()));
    return suspects;
  }

  Peers peers() {
    return peers;
  }

  boolean isEvicted(String instance) {
    Watched peer = watched.get(instance);
    return peer != null && peer.isEvicted();
  }

  /// Whether this worker's present membership is among some.
  boolean isAmong(Set<Life> lives) {
    Peer me = peers.find(self);
    return me != null && lives.contains(Life.of(me));
  }

  /// The peer of an instance id, if it is watched.
  @Nullable Peer find(String instance) {
    Watched peer = watched.get(instance);
    return peer == null ? null : peer.peer();
  }

  /// Another process that lives and has this worker's transactional id, or null.
  @Nullable Peer twin(String transactionalId, long now) {
    return watched.values().stream()
        .filter(peer -> peer.peer().transactionalId().equals(transactionalId))
        .filter(peer -> peer.wellAt() != Watched.NEVER)
        .filter(peer -> peer.reasonAt(now, settings) == null && !peer.isEvicted())
        .map(Watched::peer)
        .findFirst()
        .orElse(null);
  }
}
