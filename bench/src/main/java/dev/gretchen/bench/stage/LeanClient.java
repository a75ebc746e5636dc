package dev.gretchen.bench.stage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One client of a chat that costs little more than its socket. One thread.
final class LeanClient implements FrameScanner.Sink {

  /// What is told of all clients.
  interface Ledger {
    void joined();

    void post(long at);

    void frame();

    void closed();
  }

  private static final byte[] NOTHING = {};
  private static final int TEXT = 0x81;
  private static final int PONG = 0x8a;
  private static final int MASKED = 0x80;
  private static final int SHORT_MAX = 125;

  private final SocketChannel channel;
  private final String user;
  private final String room;
  private final Ledger ledger;
  private final FrameScanner scanner = new FrameScanner();
  private byte[] rest = NOTHING;
  private boolean over;

  LeanClient(SocketChannel channel, String user, String room, Ledger ledger) {
    this.channel = channel;
    this.user = user;
    this.room = room;
    this.ledger = ledger;
  }

  /// The TCP connection is there.
  void connected() throws IOException {
    write(
        ("GET /chat HTTP/1.1\r\nHost: worker\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  /// Reads what there is.
  ///
  /// @param shared empty, larger than any frame, allocated on the heap
  @SuppressWarnings("ByteBufferBackingArray") // the caller allocates it
  void readable(ByteBuffer shared) throws IOException {
    shared.clear().put(rest);
    rest = NOTHING;
    int read = channel.read(shared);
    if (read < 0) {
      closed();
      return;
    }
    int length = shared.position();
    int taken = scanner.scan(shared.array(), length, this);
    if (taken < length) {
      rest = Arrays.copyOfRange(shared.array(), taken, length);
    }
  }

  boolean isOver() {
    return over;
  }

  void end() {
    if (!over) {
      over = true;
      ledger.closed();
      try {
        channel.close();
      } catch (IOException _) {
        // it is of no use any more either way
      }
    }
  }

  @Override
  public void answered(boolean upgraded) {
    if (!upgraded) {
      end();
      return;
    }
    say("{\"type\":\"hello\",\"user\":\"" + user + "\"}");
    say("{\"type\":\"join\",\"room\":\"" + room + "\"}");
  }

  @Override
  public void post(long at) {
    ledger.post(at);
  }

  @Override
  public void joined() {
    ledger.joined();
  }

  @Override
  public void frame() {
    ledger.frame();
  }

  @Override
  public void ping() {
    tell(PONG, NOTHING);
  }

  @Override
  public void closed() {
    end();
  }

  private void say(String text) {
    tell(TEXT, text.getBytes(StandardCharsets.US_ASCII));
  }

  /// A frame under the mask of zeros, which leaves its bytes as they are.
  private void tell(int first, byte[] payload) {
    if (payload.length > SHORT_MAX) {
      throw new IllegalArgumentException("a client says no more than " + SHORT_MAX + " bytes");
    }
    byte[] frame = new byte[2 + Integer.BYTES + payload.length];
    frame[0] = (byte) first;
    frame[1] = (byte) (MASKED | payload.length);
    System.arraycopy(payload, 0, frame, 2 + Integer.BYTES, payload.length);
    try {
      write(frame);
    } catch (IOException _) {
      end();
    }
  }

  /// So little fits into any socket's buffer.
  private void write(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
