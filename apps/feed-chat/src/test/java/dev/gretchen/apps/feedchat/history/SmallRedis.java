package dev.gretchen.apps.feedchat.history;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A server with the few commands of Redis that a history is made of, one database, and members as
/// text. A score has one member here, as it has in a history.
final class SmallRedis implements AutoCloseable {

  private final ServerSocket server;
  private final String password;
  private final Map<String, TreeMap<Long, String>> sets = new HashMap<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();

  private @Nullable Thread acceptor;

  private SmallRedis(ServerSocket server, String password) {
    this.server = server;
    this.password = password;
  }

  static SmallRedis start(String password) throws IOException {
    return start(0, password);
  }

  static SmallRedis start(int port, String password) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    SmallRedis redis = new SmallRedis(server, password);
    redis.acceptor = Thread.ofVirtual().start(redis::accept);
    return redis;
  }

  int port() {
    return server.getLocalPort();
  }

  /// What came, words with spaces between them.
  List<String> commands() {
    return commands;
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = server.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void serve(Socket connection) {
    boolean isIn = password.isEmpty();
    try (connection) {
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(connection.getInputStream()));
      OutputStream out = connection.getOutputStream();
      while (true) {
        List<String> command = command(in);
        commands.add(String.join(" ", command));
        String answer;
        if (command.getFirst().equals("AUTH")) {
          isIn = command.getLast().equals(password);
          answer = isIn ? "+OK\r\n" : "-WRONGPASS\r\n";
        } else {
          answer = isIn ? answer(command) : "-NOAUTH Authentication required.\r\n";
        }
        out.write(answer.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException gone) {
      // the client has hung up
    }
  }

  private synchronized String answer(List<String> command) {
    return switch (command.getFirst()) {
      case "SELECT" -> "+OK\r\n";
      case "ZADD" -> {
        TreeMap<Long, String> set = sets.computeIfAbsent(command.get(1), _ -> new TreeMap<>());
        for (int i = 2; i < command.size(); i += 2) {
          set.put(Long.parseLong(command.get(i)), command.get(i + 1));
        }
        yield ":1\r\n";
      }
      case "ZREMRANGEBYRANK" -> {
        TreeMap<Long, String> set = sets.computeIfAbsent(command.get(1), _ -> new TreeMap<>());
        int kept = -Integer.parseInt(command.get(3)) - 1;
        while (set.size() > kept) {
          set.pollFirstEntry();
        }
        yield ":0\r\n";
      }
      case "ZREVRANGE" -> {
        List<String> members =
            new ArrayList<>(
                sets.getOrDefault(command.get(1), new TreeMap<>()).descendingMap().values());
        StringBuilder answer = new StringBuilder("*" + members.size() + "\r\n");
        for (String member : members) {
          answer
              .append('$')
              .append(member.getBytes(StandardCharsets.UTF_8).length)
              .append("\r\n")
              .append(member)
              .append("\r\n");
        }
        yield answer.toString();
      }
      default -> "-ERR unknown command\r\n";
    };
  }

  private static List<String> command(DataInputStream in) throws IOException {
    int words = Integer.parseInt(line(in).substring(1));
    List<String> command = new ArrayList<>();
    for (int i = 0; i < words; i++) {
      byte[] word = new byte[Integer.parseInt(line(in).substring(1))];
      in.readFully(word);
      line(in);
      command.add(new String(word, StandardCharsets.UTF_8));
    }
    return command;
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = in.readByte();
    while (next != '\r') {
      line.append((char) next);
      next = in.readByte();
    }
    in.readByte();
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
    Thread accepts = acceptor;
    if (accepts != null) {
      // the port is free when nobody waits at it any more
      awaitEnd(accepts);
    }
    for (Socket connection : connections) {
      connection.close();
    }
  }

  private static void awaitEnd(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
