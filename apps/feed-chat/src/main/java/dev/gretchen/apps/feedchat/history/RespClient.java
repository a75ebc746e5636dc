package dev.gretchen.apps.feedchat.history;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A connection to Redis, opened when it is needed and again after a failure. It speaks version 2
/// of the Redis serialization protocol (redis.io, "Redis serialization protocol specification"): of
/// that, the few commands that a history is made of.
///
/// Any thread; one call at a time, the others wait.
final class RespClient implements AutoCloseable {

  private static final Duration CONNECT_BOUND = Duration.ofSeconds(1);
  private static final Duration ANSWER_BOUND = Duration.ofSeconds(2);
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final int LINE_BYTES_MAX = 64 << 10;
  private static final int BULK_BYTES_MAX = 16 << 20;
  private static final int ARRAY_MAX = 100_000;

  private final String host;
  private final int port;
  private final List<List<byte[]>> greeting;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable Session session;

  /// @param in what is answered
  /// @param out what is asked
  private record Session(Socket socket, DataInputStream in, OutputStream out) {}

  /// @param greeting commands that each new connection begins with, all of which must be granted
  RespClient(String host, int port, List<List<byte[]>> greeting) {
    this.host = host;
    this.port = port;
    this.greeting = greeting;
  }

  static List<byte[]> command(String... words) {
    List<byte[]> command = new ArrayList<>();
    for (String word : words) {
      command.add(word.getBytes(StandardCharsets.UTF_8));
    }
    return command;
  }

  /// Sends commands at once and returns their answers in order.
  ///
  /// @throws IOException if there is no answer in time, or one of them was refused
  List<RespReply> call(List<List<byte[]>> commands) throws IOException {
    turn.lock();
    try {
      Session open = session == null ? connect() : session;
      session = open;
      return exchange(open, commands);
    } catch (IOException | RuntimeException broken) {
      // what else comes on this connection would be the answer to something else
      close();
      throw broken;
    } finally {
      turn.unlock();
    }
  }

  private Session connect() throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(
          new InetSocketAddress(InetAddress.getByName(host), port), (int) CONNECT_BOUND.toMillis());
      socket.setSoTimeout((int) ANSWER_BOUND.toMillis());
      socket.setTcpNoDelay(true);
      Session opened =
          new Session(
              socket,
              new DataInputStream(new BufferedInputStream(socket.getInputStream())),
              new BufferedOutputStream(socket.getOutputStream()));
      if (!greeting.isEmpty()) {
        exchange(opened, greeting);
      }
      return opened;
    } catch (IOException | RuntimeException unreached) {
      socket.close();
      throw unreached;
    }
  }

  private static List<RespReply> exchange(Session open, List<List<byte[]>> commands)
      throws IOException {
    for (List<byte[]> command : commands) {
      write(open.out, command);
    }
    open.out.flush();
    List<RespReply> replies = new ArrayList<>();
    String refusal = null;
    for (int i = 0; i < commands.size(); i++) {
      RespReply reply = read(open.in);
      replies.add(reply);
      if (reply instanceof RespReply.Refusal(String reason) && refusal == null) {
        refusal = reason;
      }
    }
    if (refusal != null) {
      throw new IOException("Redis refuses: " + refusal);
    }
    return replies;
  }

  private static void write(OutputStream out, List<byte[]> command) throws IOException {
    out.write(ascii("*" + command.size()));
    out.write(LINE_END);
    for (byte[] word : command) {
      out.write(ascii("$" + word.length));
      out.write(LINE_END);
      out.write(word);
      out.write(LINE_END);
    }
  }

  private static RespReply read(DataInputStream in) throws IOException {
    String line = line(in);
    if (line.isEmpty()) {
      throw unreadable(line);
    }
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> new RespReply.Simple(rest);
      case '-' -> new RespReply.Refusal(rest);
      case ':' -> new RespReply.Amount(number(rest));
      case '$' -> bulk(in, size(rest, BULK_BYTES_MAX));
      case '*' -> many(in, size(rest, ARRAY_MAX));
      default -> throw unreadable(line);
    };
  }

  private static RespReply bulk(DataInputStream in, int size) throws IOException {
    if (size < 0) {
      return new RespReply.Nil();
    }
    byte[] bytes = new byte[size];
    in.readFully(bytes);
    if (in.readByte() != '\r' || in.readByte() != '\n') {
      throw unreadable("a text of another length than it said");
    }
    return new RespReply.Bulk(bytes);
  }

  private static RespReply many(DataInputStream in, int size) throws IOException {
    if (size < 0) {
      return new RespReply.Nil();
    }
    List<RespReply> replies = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      replies.add(read(in));
    }
    return new RespReply.Many(replies);
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = in.readByte();
    while (next != '\r') {
      line.append((char) (next & 0xff));
      if (line.length() > LINE_BYTES_MAX) {
        throw unreadable("a line without an end");
      }
      next = in.readByte();
    }
    if (in.readByte() != '\n') {
      throw unreadable("a line that ends in half");
    }
    return line.toString();
  }

  private static int size(String text, int most) throws IOException {
    long size = number(text);
    if (size < -1 || size > most) {
      throw unreadable("a size of " + text);
    }
    return (int) size;
  }

  private static long number(String text) throws IOException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw unreadable(text);
    }
  }

  private static IOException unreadable(String found) {
    return new IOException("expected an answer of Redis, found '" + found + "'");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    turn.lock();
    try {
      if (session != null) {
        session.socket.close();
      }
    } catch (IOException _) {
      // it is given up either way
    } finally {
      session = null;
      turn.unlock();
    }
  }
}
