package dev.gretchen.apps.feedchat.push;

import dev.gretchen.apps.feedchat.FeedPost;
import dev.gretchen.engine.Followed;
import dev.gretchen.engine.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The pushers of a worker, each with a thread of its own, which share out its clients. Any thread.
public final class Pushers implements AutoCloseable {

  /// A write is a system call; beyond the cores, threads would only take turns.
  private static final int THREADS_MAX = 4;

  /// Posts that are held for each partition of `feed`, and the bytes of all.
  public static final int POSTS_HELD = 20_000;

  private static final long BYTES_HELD = 48L << 20;
  private static final Duration JOIN_BOUND = Duration.ofSeconds(1);

  private final FeedWindow window = new FeedWindow(POSTS_HELD, BYTES_HELD);
  private final List<Running> running = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final Duration goodbye;
  private volatile boolean stopping;

  /// Whether clients that do not go are waited for no more.
  private volatile boolean abandoned;

  private record Running(Pusher pusher, Thread thread) {}

  /// Starts them.
  ///
  /// @param worker its name, for those of the threads
  /// @param failed told if one of them fails, which no client survives
  public Pushers(
      String worker,
      BanLookup bans,
      RoomLookup lookup,
      PushSettings settings,
      Consumer<Throwable> failed) {
    this.goodbye = settings.goodbye();
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, THREADS_MAX);
    for (int i = 0; i < threads; i++) {
      Waker waker = new Waker();
      Pusher pusher = new Pusher(window, bans, lookup, settings, System::nanoTime, waker::wake);
      Thread thread =
          Thread.ofPlatform()
              .name(worker + "-push-" + i)
              .daemon()
              .unstarted(() -> {
                try {
                  run(pusher);
                } catch (Throwable failure) {
                  failed.accept(failure);
                }
              });
      waker.thread = thread;
      running.add(new Running(pusher, thread));
    }
    running.forEach(each -> each.thread.start());
  }

  private static final class Waker {
    private volatile @Nullable Thread thread;

    private void wake() {
      LockSupport.unpark(thread);
    }
  }

  private void run(Pusher pusher) {
    while (!isOver(pusher)) {
      long nanos = pusher.turn();
      // the wake that said so may be the one by which this turn began
      if (nanos > 0 && !pusher.hasTasks() && !isOver(pusher)) {
        LockSupport.parkNanos(pusher, nanos);
      }
    }
  }

  private boolean isOver(Pusher pusher) {
    return stopping && (pusher.clients() == 0 || abandoned);
  }

  /// Takes a client, which is pushed to until it is [Client#gone].
  public Client open(Socket socket) {
    int turn = Math.floorMod(next.getAndIncrement(), running.size());
    return running.get(turn).pusher.open(socket);
  }

  /// Takes what was read from `feed`. One thread calls this.
  public void posted(List<Followed<String, FeedPost>> read) {
    Set<String> changed = window.append(read);
    running.forEach(each -> each.pusher.posted(changed));
  }

  /// Sends something to all of a user's connections.
  public void tell(String user, ByteBuffer frame) {
    running.forEach(each -> each.pusher.tell(user, frame));
  }

  /// Says goodbye to all clients, and ends when they have gone or their time to answer is up.
  @Override
  public void close() {
    close(Goodbye.GOING_AWAY);
  }

  /// As [#close()], with other words.
  public void close(Goodbye words) {
    running.forEach(each -> each.pusher.dropAll(words));
    stopping = true;
    long end = System.nanoTime() + goodbye.toNanos();
    try {
      for (Running each : running) {
        LockSupport.unpark(each.thread);
        long left = Math.max(1, end - System.nanoTime());
        if (!each.thread.join(Duration.ofNanos(left))) {
          each.pusher.cutAll();
          if (!each.thread.join(JOIN_BOUND)) {
            abandoned = true;
          }
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
