package dev.gretchen.chaos.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// TCP connections between processes on this machine, seen in `/proc` and ended by the kernel (`ss
/// -K`): to both ends they are reset. Stateless; any thread. Without `/proc` there are none, and
/// without the right nobody is ended.
public final class Connections {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  /// The columns of those tables.
  private static final int LOCAL = 1;

  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final String ESTABLISHED = "01";
  private static final int HEXADECIMAL = 16;
  private static final String SOCKET = "socket:[";

  /// A connection by its ports, seen from the end with the lower one.
  public record Connection(int port, int peerPort) {
    private Connection reversed() {
      return new Connection(peerPort, port);
    }
  }

  private Connections() {}

  /// The connections that are established between two different ones of some processes.
  public static Set<Connection> among(Collection<Long> pids) {
    Map<Connection, Long> ends = ends(owners(pids));
    Set<Connection> among = new HashSet<>();
    ends.forEach((end, pid) -> {
      Long other = ends.get(end.reversed());
      if (end.port() < end.peerPort() && other != null && !other.equals(pid)) {
        among.add(end);
      }
    });
    return among;
  }

  /// Ends some connections.
  ///
  /// @return how many are gone
  public static int end(Collection<Connection> connections) {
    int ended = 0;
    for (Connection connection : connections) {
      ended += end(connection) ? 1 : 0;
    }
    return ended;
  }

  /// The answer begins with a line of titles; each line more is a connection that was ended.
  private static boolean end(Connection connection) {
    String filter =
        "sport = :%d and dport = :%d".formatted(connection.port(), connection.peerPort());
    try {
      Process process =
          new ProcessBuilder("ss", "-K", "-tn", filter).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return Waits.exited(process, TIMEOUT)
          && process.exitValue() == 0
          && said.contains(":" + connection.port() + " ");
    } catch (IOException _) {
      return false;
    }
  }

  /// Which process has which socket.
  private static Map<String, Long> owners(Collection<Long> pids) {
    Map<String, Long> owners = new HashMap<>();
    for (long pid : pids) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
        for (Path file : files) {
          socket(file, pid, owners);
        }
      } catch (IOException _) {
        // it is gone, and has none
      }
    }
    return owners;
  }

  private static void socket(Path file, long pid, Map<String, Long> owners) {
    try {
      String target = Files.readSymbolicLink(file).toString();
      if (target.startsWith(SOCKET)) {
        owners.put(target.substring(SOCKET.length(), target.length() - 1), pid);
      }
    } catch (IOException _) {
      // closed meanwhile
    }
  }

  private static Map<Connection, Long> ends(Map<String, Long> owners) {
    Map<Connection, Long> ends = new HashMap<>();
    for (Path table : TABLES) {
      try {
        for (String line : Files.readAllLines(table)) {
          String[] columns = line.strip().split("\\s+", -1);
          Long pid = columns.length > INODE ? owners.get(columns[INODE]) : null;
          if (pid != null && columns[STATE].equals(ESTABLISHED)) {
            ends.put(new Connection(port(columns[LOCAL]), port(columns[REMOTE])), pid);
          }
        }
      } catch (IOException _) {
        // a system without it
      }
    }
    return ends;
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1), HEXADECIMAL);
  }
}
