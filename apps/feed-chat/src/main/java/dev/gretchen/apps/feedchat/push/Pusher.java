package dev.gretchen.apps.feedchat.push;

import dev.gretchen.apps.feedchat.FeedPost;
import dev.gretchen.apps.feedchat.Recent;
import dev.gretchen.engine.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Pushes to some of a worker's clients: an actor, whose turns are one thread's.
///
/// **No queue of posts.** For each room that a client has joined there is one number, the index
/// that it is shown next. When posts come, and when a client can be written to again, whatever the
/// window has from that index on leaves in one frame; all who are at the same index share its
/// bytes. So nothing is shown twice or left out, whatever order things happen in: the number says
/// what comes, and moves with the frame that shows it.
///
/// **Coalescing.** Rooms in which something was posted are pushed at the end of a turn, but not
/// sooner than some time after the last such push: what came in between leaves as one.
///
/// **What the window does not have.** Then the room's owner is asked for the last posts of the
/// room, for all who wait for them together. What the owner does not have either cannot be had any
/// more, and the client is told which indexes are skipped.
final class Pusher {

  /// Answers that wait for one client.
  static final int ANSWERS_MAX = 256;

  /// Rooms that a client may have joined.
  static final int ROOMS_MAX = 50;

  /// Things done in one turn, so that pushing is not put off for ever. What waits for a turn is
  /// bounded by what clients may have under way.
  private static final int TASKS_A_TURN_MAX = 20_000;

  private static final long SWEEP_NANOS = 500_000_000L;

  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final FeedWindow window;
  private final RoomLookup lookup;
  private final PushSettings settings;
  private final LongSupplier clock;
  private final Runnable wake;
  private final PostFrames frames;
  private final int postsAFrame;
  private final long coalesceNanos;
  private volatile @Nullable Thread here;

  // confined to the thread of the turns
  private final Map<String, PushedRoom> rooms = new HashMap<>();
  private final Set<Client> clients = new LinkedHashSet<>();
  private final Map<String, List<Client>> byUser = new HashMap<>();
  private final Set<String> posted = new LinkedHashSet<>();
  private long turns;
  private long pushedAt;
  private long sweptAt;

  /// @param clock nanoseconds, monotonic
  /// @param wake called when there is something to do
  Pusher(
      FeedWindow window,
      BanLookup bans,
      RoomLookup lookup,
      PushSettings settings,
      LongSupplier clock,
      Runnable wake) {
    this.window = window;
    this.lookup = lookup;
    this.settings = settings;
    this.clock = clock;
    this.wake = wake;
    this.frames = new PostFrames(bans);
    this.coalesceNanos = settings.coalesce().toNanos();
    this.postsAFrame = coalesceNanos == 0 ? 1 : Integer.MAX_VALUE;
    this.pushedAt = clock.getAsLong() - coalesceNanos;
    this.sweptAt = clock.getAsLong();
  }

  /// Has something done in the next turn. Any thread.
  void run(Runnable task) {
    inbox.add(task);
    wake.run();
  }

  /// Takes a client. Any thread.
  Client open(Socket socket) {
    Client client = new Client(this, socket, now());
    run(() -> clients.add(client));
    return client;
  }

  /// Something was posted in these rooms. Any thread.
  void posted(Set<String> changed) {
    run(() -> posted.addAll(changed));
  }

  /// Sends something to all connections of a user. Any thread.
  void tell(String user, ByteBuffer frame) {
    run(() -> {
      for (Client client : List.copyOf(byUser.getOrDefault(user, List.of()))) {
        answer(client, frame.duplicate());
      }
    });
  }

  /// Says goodbye to all. Any thread.
  void dropAll(Goodbye goodbye) {
    run(() -> List.copyOf(clients).forEach(client -> drop(client, goodbye)));
  }

  /// Cuts off whoever is still there. Any thread.
  void cutAll() {
    run(() -> clients.forEach(client -> client.socket.cut()));
  }

  boolean isHere() {
    return Thread.currentThread() == here;
  }

  long now() {
    return clock.getAsLong();
  }

  /// Clients that are connected, those included that were told goodbye. For the thread of the
  /// turns.
  int clients() {
    return clients.size();
  }

  boolean hasTasks() {
    return !inbox.isEmpty();
  }

  /// Does what is to be done now.
  ///
  /// @return nanoseconds until there is something to do, though nothing happens
  long turn() {
    here = Thread.currentThread();
    try {
      turns++;
      for (int i = 0; i < TASKS_A_TURN_MAX; i++) {
        Runnable task = inbox.poll();
        if (task == null) {
          break;
        }
        task.run();
      }
      long now = now();
      if (!posted.isEmpty() && now - pushedAt >= coalesceNanos) {
        pushedAt = now;
        push();
      }
      if (now - sweptAt >= SWEEP_NANOS) {
        sweptAt = now;
        sweep(now);
      }
      long untilSweep = sweptAt + SWEEP_NANOS - now;
      return posted.isEmpty() ? untilSweep : Math.min(untilSweep, pushedAt + coalesceNanos - now);
    } finally {
      here = null;
    }
  }

  private void push() {
    for (String name : posted) {
      PushedRoom room = rooms.get(name);
      if (room != null) {
        for (Subscription subscription : room.subscriptions()) {
          offer(subscription);
        }
      }
    }
    posted.clear();
  }

  private void offer(Subscription subscription) {
    if (!subscription.queued && !subscription.waits) {
      subscription.queued = true;
      subscription.client.line.add(subscription);
    }
    pump(subscription.client);
  }

  /// Sends a client what waits for it, as long as it takes it.
  void pump(Client client) {
    while (!client.busy && !client.over) {
      ByteBuffer answer = client.answers.poll();
      if (answer != null) {
        send(client, answer);
        continue;
      }
      Subscription subscription = client.line.poll();
      if (subscription == null) {
        return;
      }
      subscription.queued = false;
      if (!subscription.over) {
        show(subscription);
      }
    }
  }

  private void show(Subscription subscription) {
    PushedRoom room = subscription.room;
    PushedRoom.Rendered frame = room.frameFor(subscription, turns, postsAFrame, frames);
    if (frame == null) {
      if (subscription.waits) {
        ask(room);
      }
      return;
    }
    subscription.next = frame.next();
    if (frame.more()) {
      subscription.queued = true;
      subscription.client.line.add(subscription);
    }
    send(subscription.client, frame.frame().duplicate());
  }

  private void send(Client client, ByteBuffer frame) {
    client.busy = true;
    client.busySince = now();
    client.socket.send(frame, client);
  }

  void greeted(Client client, String user) {
    if (!client.over) {
      client.user = user;
      byUser.computeIfAbsent(user, _ -> new ArrayList<>(1)).add(client);
    }
  }

  void answer(Client client, ByteBuffer frame) {
    if (client.over) {
      return;
    }
    if (client.answers.size() >= ANSWERS_MAX) {
      drop(client, Goodbye.SLOW_ANSWERS);
      return;
    }
    client.answers.add(frame);
    pump(client);
  }

  void join(Client client, String name, Start start) {
    if (client.over) {
      return;
    }
    end(client.rooms.remove(name));
    if (client.rooms.size() >= ROOMS_MAX) {
      answer(client, PostFrames.refused(name, "too-many"));
      return;
    }
    PushedRoom room =
        rooms.computeIfAbsent(name, joined -> new PushedRoom(joined, window.join(joined)));
    Subscription subscription =
        switch (start) {
          case Start.After(long index) -> new Subscription(client, room, index + 1, 0);
          case Start.Last(int posts) -> new Subscription(client, room, 0, posts);
        };
    client.rooms.put(name, subscription);
    room.add(subscription);
    OptionalLong last = room.log.last();
    if (subscription.next > 0) {
      begin(subscription, subscription.next);
    } else if (last.isPresent()) {
      begin(subscription, behind(last.getAsLong(), subscription.lastWanted));
    } else {
      subscription.waits = true;
      ask(room);
    }
  }

  private static long behind(long last, int lastWanted) {
    return Math.max(1, last + 1 - lastWanted);
  }

  private void begin(Subscription subscription, long next) {
    subscription.next = next;
    answer(subscription.client, PostFrames.joined(subscription.room.name, next));
    offer(subscription);
  }

  void leave(Client client, String name) {
    Subscription left = client.rooms.remove(name);
    end(left);
    answer(client, PostFrames.left(name));
  }

  private void end(@Nullable Subscription left) {
    if (left == null || left.over) {
      return;
    }
    left.over = true;
    left.room.remove(left);
    if (left.room.subscriptions().isEmpty() && rooms.remove(left.room.name, left.room)) {
      window.leave(left.room.name);
    }
  }

  /// What the owner answers must reach to where the window begins, or there is a hole between.
  private void ask(PushedRoom room) {
    if (room.asked) {
      return;
    }
    room.asked = true;
    OptionalLong first = room.log.first();
    lookup.ask(
        room.name,
        first.isPresent() ? first.getAsLong() - 1 : room.log.last().orElse(0),
        found -> run(() -> answered(room, found)));
  }

  private void answered(PushedRoom room, Optional<Recent> found) {
    room.asked = false;
    found.ifPresent(recent -> room.log.learn(recent.last()));
    for (Subscription waiting : List.copyOf(room.subscriptions())) {
      if (!waiting.waits || waiting.over) {
        continue;
      }
      waiting.waits = false;
      if (found.isEmpty()) {
        unanswered(waiting);
        continue;
      }
      if (waiting.next == 0) {
        waiting.next = behind(room.log.last().orElse(0), waiting.lastWanted);
        answer(waiting.client, PostFrames.joined(room.name, waiting.next));
      }
      if (waiting.client.busy) {
        // asked again, if need be, when its client can be written to: nothing is kept for it
        offer(waiting);
      } else {
        fill(waiting, found.get());
      }
    }
  }

  /// Nobody could tell: whoever can go on with what is here goes on, and is told what is left out.
  private void unanswered(Subscription waiting) {
    OptionalLong first = waiting.room.log.first();
    if (waiting.next > 0 && first.isPresent() && first.getAsLong() > waiting.next) {
      skipTo(waiting, first.getAsLong());
      offer(waiting);
    } else {
      waiting.client.rooms.remove(waiting.room.name, waiting);
      end(waiting);
      answer(waiting.client, PostFrames.refused(waiting.room.name, "unavailable"));
    }
  }

  /// Shows what the owner has and the window has not; what neither has is skipped.
  private void fill(Subscription waiting, Recent recent) {
    long window = waiting.room.log.first().orElse(Long.MAX_VALUE);
    skipTo(waiting, Math.min(window, recent.first()));
    List<HeldPost> part = new ArrayList<>();
    int bytes = 0;
    for (FeedPost post : recent.posts()) {
      if (post.index() < waiting.next + part.size() || post.index() >= window) {
        continue;
      }
      HeldPost held = HeldPost.of(post);
      boolean isFull =
          part.size() >= postsAFrame || bytes + held.json().length >= PostFrames.postsBytesMax();
      if (!part.isEmpty() && isFull) {
        showPart(waiting, part);
        part = new ArrayList<>();
        bytes = 0;
      }
      part.add(held);
      bytes += held.json().length + 1;
    }
    if (!part.isEmpty()) {
      showPart(waiting, part);
    }
    offer(waiting);
  }

  private void showPart(Subscription waiting, List<HeldPost> part) {
    waiting.next += part.size();
    answer(waiting.client, frames.posts(waiting.room.name, part));
  }

  private void skipTo(Subscription waiting, long index) {
    if (index > waiting.next) {
      answer(waiting.client, PostFrames.skipped(waiting.room.name, waiting.next, index - 1));
      waiting.next = index;
    }
  }

  void drop(Client client, Goodbye goodbye) {
    if (client.overSince != 0) {
      return;
    }
    forget(client);
    client.overSince = Math.max(1, now());
    client.socket.close(goodbye.code(), goodbye.reason());
  }

  void gone(Client client) {
    forget(client);
    clients.remove(client);
  }

  private void forget(Client client) {
    client.over = true;
    client.answers.clear();
    client.line.clear();
    List.copyOf(client.rooms.values()).forEach(this::end);
    client.rooms.clear();
    String user = client.user;
    List<Client> together = user == null ? null : byUser.get(user);
    if (together != null && together.remove(client) && together.isEmpty()) {
      byUser.remove(user);
    }
  }

  private void sweep(long now) {
    for (Client client : clients) {
      if (client.overSince != 0) {
        if (!client.isCut && isOver(client.overSince, settings.goodbye().toNanos(), now)) {
          client.isCut = true;
          client.socket.cut();
        }
      } else if (client.busy && isOver(client.busySince, settings.stall().toNanos(), now)) {
        drop(client, Goodbye.SLOW_WRITE);
      } else if (isOver(client.heardAt(), settings.silence().toNanos(), now)
          || (client.user == null && isOver(client.openedAt, settings.greeting().toNanos(), now))) {
        drop(client, Goodbye.SILENT);
      } else if (isOver(client.pingedAt, settings.ping().toNanos(), now)) {
        client.pingedAt = now;
        client.socket.ping();
      }
    }
  }

  private static boolean isOver(long since, long bound, long now) {
    return now - since >= bound;
  }
}
