package dev.gretchen.chaos.broker;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Free ports on loopback.
///
/// Ports come from below the kernel's ephemeral range where that is known. A port inside it can be
/// lost while its server is down: a client that keeps trying to connect to a dead port of its own
/// machine will sooner or later be given that very port as its source, connect to itself, and hold
/// it. The choice of a port is no part of a run's seed: it depends on the machine.
public final class Ports {
  private static final int LOWEST = 20_000;
  private static final int EPHEMERAL_DEFAULT = 32_768;
  private static final int ATTEMPTS_MAX = 200;
  private static final int RANGE_BYTES_MAX = 64;
  private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

  private Ports() {}

  /// As many different ports, all free at the same time. Somebody else may take one before it is
  /// used: whoever uses it must be ready to try again.
  public static List<Integer> free(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      int ceiling = ephemeralFloor();
      for (int i = 0; i < count; i++) {
        held.add(bindAny(ceiling));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  public static boolean isFree(int port) {
    try (ServerSocket _ = bind(port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static ServerSocket bindAny(int ceiling) throws IOException {
    for (int i = 0; i < ATTEMPTS_MAX && ceiling > LOWEST; i++) {
      try {
        return bind(ThreadLocalRandom.current().nextInt(LOWEST, ceiling));
      } catch (IOException _) {
        // taken: another one
      }
    }
    return bind(0);
  }

  private static ServerSocket bind(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// One read with room for all: these files answer a read that continues with their end.
  private static int ephemeralFloor() {
    try (InputStream in = Files.newInputStream(RANGE)) {
      byte[] text = new byte[RANGE_BYTES_MAX];
      int length = Math.max(0, in.read(text));
      String range = new String(text, 0, length, StandardCharsets.US_ASCII);
      return Integer.parseInt(range.strip().split("\\s+", -1)[0]);
    } catch (IOException | NumberFormatException _) {
      return EPHEMERAL_DEFAULT;
    }
  }
}
