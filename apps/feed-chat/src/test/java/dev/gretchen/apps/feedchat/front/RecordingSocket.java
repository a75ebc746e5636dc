package dev.gretchen.apps.feedchat.front;

import dev.gretchen.apps.feedchat.push.Goodbye;
import dev.gretchen.engine.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A client's connection that takes everything at once. Any thread.
final class RecordingSocket implements Socket {

  final List<String> taken = new CopyOnWriteArrayList<>();
  volatile @Nullable Goodbye goodbye;

  @Override
  public void send(ByteBuffer utf8, Sent sent) {
    taken.add(StandardCharsets.UTF_8.decode(utf8).toString());
    sent.told(true);
  }

  @Override
  public void ping() {
    // nobody is silent for so long here
  }

  @Override
  public void close(int code, String reason) {
    goodbye = new Goodbye(code, reason);
  }

  @Override
  public void cut() {
    // it was told goodbye
  }
}
