package dev.gretchen.verifier.crowd;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One connection of a [Member]: sends texts one after the other, puts the pieces of frames
/// together, and knows when it last heard anything.
final class Line implements WebSocket.Listener {

  /// What a connection without a close frame ended with, as RFC 6455 names it.
  static final int NO_CLOSE_FRAME = 1006;

  private final Member member;
  private final ReentrantLock lock = new ReentrantLock();
  private final StringBuilder text = new StringBuilder(); // one frame at a time, by the HTTP client
  private CompletableFuture<?> sending = CompletableFuture.completedFuture(null); // guarded by lock
  private @Nullable WebSocket socket; // guarded by lock
  private boolean over; // guarded by lock
  private volatile long heardNanos = System.nanoTime();

  Line(Member member) {
    this.member = member;
  }

  /// Since when nothing was heard.
  long silentNanos() {
    return System.nanoTime() - heardNanos;
  }

  /// Sends a text behind those before it; what cannot be sent ends the connection, which is told.
  void send(String frame) {
    lock.lock();
    try {
      WebSocket open = socket;
      if (open != null && !over) {
        sending = sending.handle((_, _) -> null).thenCompose(_ -> open.sendText(frame, true));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Asks the worker for a sign of life.
  void ping() {
    WebSocket open = opened();
    if (open != null) {
      // one that is still under way is sign enough
      var _ = open.sendPing(ByteBuffer.allocate(0)).exceptionally(_ -> open);
    }
  }

  /// Ends it at once; nobody is told any more.
  void abort() {
    WebSocket open;
    lock.lock();
    try {
      over = true;
      open = socket;
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.abort();
    }
  }

  private @Nullable WebSocket opened() {
    lock.lock();
    try {
      return over ? null : socket;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onOpen(WebSocket opened) {
    boolean late;
    lock.lock();
    try {
      socket = opened;
      late = over;
    } finally {
      lock.unlock();
    }
    if (late) {
      opened.abort();
      return;
    }
    heard();
    member.opened(this);
    opened.request(1);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    heard();
    text.append(data);
    if (last) {
      String frame = text.toString();
      text.setLength(0);
      member.told(this, frame);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    heard();
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
    heard();
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    member.lost(this, code, reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    member.lost(this, NO_CLOSE_FRAME, String.valueOf(error.getMessage()));
  }

  private void heard() {
    heardNanos = System.nanoTime();
  }
}
