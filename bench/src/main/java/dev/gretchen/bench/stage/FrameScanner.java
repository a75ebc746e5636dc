package dev.gretchen.bench.stage;

import java.nio.charset.StandardCharsets;

/// Reads what a worker of a chat sends to one client: the head of an HTTP answer, then WebSocket
/// frames (RFC 6455). It builds no text and no tree: of a frame it only counts the posts in it, by
/// the field that says when each was due. One thread.
final class FrameScanner {

  /// What it tells of.
  interface Sink {
    /// The connection is a WebSocket now, or was refused.
    void answered(boolean upgraded);

    /// A post has come.
    ///
    /// @param at epoch milliseconds when it was due
    void post(long at);

    /// A room is joined.
    void joined();

    /// A frame has come that holds posts.
    void frame();

    /// The worker wants a sign of life.
    void ping();

    /// The worker ends the connection.
    void closed();
  }

  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int SHORT_LENGTH = 126;
  private static final int LONG_LENGTH = 127;
  private static final byte[] AT = "\"at\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] JOINED = "\"joined\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SWITCHING = "HTTP/1.1 101".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private boolean upgraded;

  /// Reads as many whole frames as there are.
  ///
  /// @return how many bytes it has taken; the rest is the beginning of a frame
  int scan(byte[] bytes, int length, Sink sink) {
    int taken = 0;
    if (!upgraded) {
      int end = find(HEAD_END, bytes, 0, length);
      if (end < 0) {
        return 0;
      }
      upgraded = find(SWITCHING, bytes, 0, end) == 0;
      sink.answered(upgraded);
      taken = end + HEAD_END.length;
    }
    while (upgraded) {
      int next = frame(bytes, taken, length, sink);
      if (next < 0) {
        break;
      }
      taken = next;
    }
    return taken;
  }

  /// One frame; where it ends, or -1 where it is not whole.
  private static int frame(byte[] bytes, int from, int length, Sink sink) {
    if (length - from < 2) {
      return -1;
    }
    int opcode = bytes[from] & 0xf;
    long size = bytes[from + 1] & 0x7f;
    int payload = from + 2;
    if (size == SHORT_LENGTH || size == LONG_LENGTH) {
      int digits = size == SHORT_LENGTH ? Short.BYTES : Long.BYTES;
      if (length - payload < digits) {
        return -1;
      }
      size = 0;
      for (int i = 0; i < digits; i++) {
        size = size << 8 | (bytes[payload + i] & 0xff);
      }
      payload += digits;
    }
    if (length - payload < size) {
      return -1;
    }
    int end = payload + (int) size;
    switch (opcode) {
      case TEXT, CONTINUATION -> text(bytes, payload, end, sink);
      case PING -> sink.ping();
      case CLOSE -> sink.closed();
      default -> {}
    }
    return end;
  }

  private static void text(byte[] bytes, int from, int to, Sink sink) {
    int at = find(AT, bytes, from, to);
    if (at < 0) {
      if (find(JOINED, bytes, from, to) >= 0) {
        sink.joined();
      }
      return;
    }
    sink.frame();
    while (at >= 0) {
      int digit = at + AT.length;
      long millis = 0;
      while (digit < to && bytes[digit] >= '0' && bytes[digit] <= '9') {
        millis = millis * 10 + (bytes[digit++] - '0');
      }
      sink.post(millis);
      at = find(AT, bytes, digit, to);
    }
  }

  /// Where a pattern begins, -1 where it does not stand between two places.
  private static int find(byte[] pattern, byte[] bytes, int from, int to) {
    for (int i = from; i <= to - pattern.length; i++) {
      int matched = 0;
      while (matched < pattern.length && bytes[i + matched] == pattern[matched]) {
        matched++;
      }
      if (matched == pattern.length) {
        return i;
      }
    }
    return -1;
  }
}
