package dev.gretchen.chaos.proxy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;

/// Measures a round trip through a link: a connection of its own, and one request that every broker
/// answers at once. So the effect of a rule shows from outside, not only in its counters.
public final class RoundTrip {
  private static final int NUMBER = 1;
  private static final int SIZE_MAX = 1 << 20;

  private RoundTrip() {}

  /// @return how long the answer took, empty where there was none within the time-out
  public static Optional<Duration> measure(int port, Duration timeout) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) timeout.toMillis());
      socket.setSoTimeout((int) timeout.toMillis());
      socket.setTcpNoDelay(true);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      ask(out, in);
      long from = System.nanoTime();
      ask(out, in);
      return Optional.of(Duration.ofNanos(System.nanoTime() - from));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// ApiVersions, version 0, without a client id.
  private static void ask(DataOutputStream out, DataInputStream in) throws IOException {
    byte[] frame = new byte[14];
    ByteBuffer.wrap(frame)
        .putInt(frame.length - 4)
        .putShort(ApiKeys.API_VERSIONS.id)
        .putShort((short) 0)
        .putInt(NUMBER)
        .putShort((short) -1);
    out.write(frame);
    out.flush();
    int size = in.readInt();
    if (size < 0 || size > SIZE_MAX) {
      throw new IOException("Not a response of Kafka: its size is " + size);
    }
    in.readNBytes(size);
  }
}
