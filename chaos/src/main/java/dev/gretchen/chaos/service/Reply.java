package dev.gretchen.chaos.service;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// How a request is replied to, or not. Belongs to its connection's thread.
final class Reply {

  private static final int LOOK_MILLIS = 1;

  private final Socket connection;
  private final BufferedInputStream in;
  private boolean over;

  Reply(Socket connection, BufferedInputStream in) {
    this.connection = connection;
    this.in = in;
  }

  /// Whether the caller has closed the connection, as one does whose patience or connection has
  /// ended; a look that takes a millisecond.
  boolean isAlone() {
    try {
      connection.setSoTimeout(LOOK_MILLIS);
      in.mark(1);
      if (in.read() < 0) {
        return true;
      }
      in.reset();
      return false;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    } finally {
      waitAsLongAsItTakes();
    }
  }

  private void waitAsLongAsItTakes() {
    try {
      connection.setSoTimeout(0);
    } catch (IOException _) {
      // the connection is over, which the next read will tell
    }
  }

  /// Whether the connection takes no more requests.
  boolean isOver() {
    return over || connection.isClosed();
  }

  /// A whole answer.
  void send(Answer answer) throws IOException {
    write(answer, answer.body().length);
  }

  /// The head, half of the body, and a reset.
  void sendHalf(Answer answer) throws IOException {
    write(answer, answer.body().length / 2);
    reset();
  }

  /// Nothing but a reset.
  void reset() {
    over = true;
    reset(connection);
  }

  static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException _) {
      // it is gone already
    }
  }

  private void write(Answer answer, int bytes) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(answer.status()).append(" \r\n");
    answer
        .headers()
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (answer.status() != 204) {
      head.append("content-length: ").append(answer.body().length).append("\r\n");
    }
    head.append("\r\n");
    byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = Arrays.copyOf(start, start.length + bytes);
    System.arraycopy(answer.body(), 0, all, start.length, bytes);
    OutputStream out = connection.getOutputStream();
    out.write(all);
    out.flush();
  }
}
