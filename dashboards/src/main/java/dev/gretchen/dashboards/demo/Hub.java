package dev.gretchen.dashboards.demo;

import dev.gretchen.dashboards.live.LiveEvent;
import dev.gretchen.dashboards.live.LiveState;
import dev.gretchen.dashboards.live.LiveView;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The one place where what was seen meets those who look on. Any thread.
///
/// Whoever looks on waits for the next [Frame] and gets the newest: a slow reader misses frames and
/// holds up nobody. Frames are drawn by one thread, and only while somebody looks on.
final class Hub implements Consumer<LiveEvent>, AutoCloseable {

  /// So often the page moves.
  private static final Duration FRAME = Duration.ofMillis(300);

  /// So many frames share a timeline, which is the larger part and changes less.
  private static final int FRAMES_PER_TIMELINE = 3;

  /// From this size on the timeline is drawn less often, characters.
  private static final int LARGE = 200_000;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final LiveState state;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition drawn = lock.newCondition();
  private final Condition watched = lock.newCondition();
  private final Thread drawer;
  private @Nullable Frame frame; // guarded by lock
  private int watchers; // guarded by lock
  private boolean closed; // guarded by lock

  /// A moment of the page.
  ///
  /// @param number from 1
  /// @param state as JSON
  /// @param timeline as HTML
  /// @param timelineNumber the number of the frame whose timeline it is
  record Frame(long number, String state, String timeline, long timelineNumber) {}

  Hub(LiveState state, InstantSource clock) {
    this.state = state;
    this.clock = clock;
    this.drawer = Thread.ofPlatform().name("gretchen-page").daemon().unstarted(this::draw);
  }

  void start() {
    drawer.start();
  }

  @Override
  public void accept(LiveEvent event) {
    lock.lock();
    try {
      state.apply(event);
    } finally {
      lock.unlock();
    }
  }

  /// Asks the state something.
  <T> T ask(Function<LiveState, T> question) {
    lock.lock();
    try {
      return question.apply(state);
    } finally {
      lock.unlock();
    }
  }

  /// The state now, as JSON.
  String now() {
    LiveView view = ask(known -> known.view(clock.millis()));
    return JSON.writeValueAsString(view);
  }

  private void draw() {
    try {
      for (long number = 1; awaitWatcher(); number++) {
        show(number);
        Thread.sleep(FRAME);
      }
    } catch (InterruptedException _) {
      // the page is closed
    }
  }

  private boolean awaitWatcher() throws InterruptedException {
    lock.lock();
    try {
      while (!closed && watchers == 0) {
        watched.await();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void show(long number) {
    // written outside of the lock, which whoever reads topics waits for
    String json = now();
    Frame last = frame();
    Frame next =
        last == null || isTimelineDue(last, number)
            ? new Frame(number, json, ask(known -> known.timeline(clock.millis())), number)
            : new Frame(number, json, last.timeline, last.timelineNumber);
    lock.lock();
    try {
      frame = next;
      drawn.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A large one is drawn less often.
  private static boolean isTimelineDue(Frame last, long number) {
    long frames = last.timeline.length() > LARGE ? 4 : 1;
    return number - last.timelineNumber >= frames * FRAMES_PER_TIMELINE;
  }

  private @Nullable Frame frame() {
    lock.lock();
    try {
      return frame;
    } finally {
      lock.unlock();
    }
  }

  /// Somebody begins to look on, if there is room.
  ///
  /// @return whether there is
  boolean enter(int most) {
    lock.lock();
    try {
      if (closed || watchers >= most) {
        return false;
      }
      watchers++;
      watched.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Somebody looks on no more.
  void leave() {
    lock.lock();
    try {
      watchers--;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a frame later than one.
  ///
  /// @return null where none came in time, or none will come
  @Nullable Frame awaitFrame(long after, Duration bound) throws InterruptedException {
    long left = bound.toNanos();
    lock.lock();
    try {
      while (!closed && (frame == null || frame.number <= after) && left > 0) {
        left = drawn.awaitNanos(left);
      }
      return closed || frame == null || frame.number <= after ? null : frame;
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      drawn.signalAll();
      watched.signalAll();
    } finally {
      lock.unlock();
    }
    drawer.interrupt();
  }
}
