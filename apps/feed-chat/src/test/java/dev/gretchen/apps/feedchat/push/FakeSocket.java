package dev.gretchen.apps.feedchat.push;

import dev.gretchen.engine.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client's connection: it takes what is sent at once, or leaves it lying.
final class FakeSocket implements Socket {

  final List<String> taken = new ArrayList<>();
  private final List<ByteBuffer> frames = new ArrayList<>();
  boolean reads = true;
  boolean broken;
  int pings;
  int cuts;
  @Nullable Goodbye goodbye;
  private @Nullable Sent waits;

  @Override
  public void send(ByteBuffer utf8, Sent sent) {
    if (waits != null) {
      throw new IllegalStateException("two messages are under way");
    }
    if (broken) {
      sent.told(false);
      return;
    }
    taken.add(StandardCharsets.UTF_8.decode(utf8.duplicate()).toString());
    frames.add(utf8);
    if (reads) {
      sent.told(true);
    } else {
      waits = sent;
    }
  }

  /// Takes what lies there.
  void read() {
    Sent sent = waits;
    waits = null;
    if (sent != null) {
      sent.told(true);
    }
  }

  boolean isWaitedFor() {
    return waits != null;
  }

  /// The bytes of the last frame, of which the frame is all.
  @SuppressWarnings("ByteBufferBackingArray") // whose they are is what the test asks
  byte[] lastFrame() {
    return frames.getLast().array();
  }

  @Override
  public void ping() {
    pings++;
  }

  @Override
  public void close(int code, String reason) {
    goodbye = new Goodbye(code, reason);
  }

  @Override
  public void cut() {
    cuts++;
  }
}
