package dev.gretchen.apps.feedchat.push;

import dev.gretchen.engine.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One connection, as it is pushed to. What is public is for any thread and does not wait; the rest
/// is confined to the thread of its pusher.
///
/// One message is under way at a time. While it is, answers wait in a line that is bounded, and
/// posts in the window; so a client that does not read costs a frame, whatever is posted.
public final class Client implements Socket.Sent {

  private final Pusher pusher;
  final Socket socket;
  final ArrayDeque<ByteBuffer> answers = new ArrayDeque<>(2);
  final ArrayDeque<Subscription> line = new ArrayDeque<>(2);
  final Map<String, Subscription> rooms = HashMap.newHashMap(2);
  @Nullable String user;
  boolean busy;
  boolean over;
  boolean isCut;
  long busySince;
  long overSince;
  long openedAt;
  long pingedAt;
  private volatile long heardAt;

  Client(Pusher pusher, Socket socket, long now) {
    this.pusher = pusher;
    this.socket = socket;
    this.openedAt = now;
    this.pingedAt = now;
    this.heardAt = now;
  }

  /// It has said who it is.
  public void greeted(String name) {
    pusher.run(() -> pusher.greeted(this, name));
  }

  /// It is shown a room from now on, from an index that it is told.
  ///
  /// @param room a valid name
  public void join(String room, Start start) {
    pusher.run(() -> pusher.join(this, room, start));
  }

  /// It is not shown a room any more.
  ///
  /// @param room a valid name
  public void leave(String room) {
    pusher.run(() -> pusher.leave(this, room));
  }

  /// Sends it an answer.
  ///
  /// @param frame not altered any more
  public void answer(ByteBuffer frame) {
    pusher.run(() -> pusher.answer(this, frame));
  }

  /// Closes its connection.
  public void drop(Goodbye goodbye) {
    pusher.run(() -> pusher.drop(this, goodbye));
  }

  /// Its connection is over.
  public void gone() {
    pusher.run(() -> pusher.gone(this));
  }

  /// It has given a sign of life.
  public void heard() {
    heardAt = pusher.now();
  }

  long heardAt() {
    return heardAt;
  }

  /// A message has left: nearly always before it was sent, so to speak, on the pusher's own thread.
  @Override
  public void told(boolean hasLeft) {
    if (pusher.isHere()) {
      sent(hasLeft);
    } else {
      pusher.run(() -> {
        sent(hasLeft);
        pusher.pump(this);
      });
    }
  }

  private void sent(boolean hasLeft) {
    busy = false;
    if (!hasLeft) {
      over = true;
    }
  }
}
