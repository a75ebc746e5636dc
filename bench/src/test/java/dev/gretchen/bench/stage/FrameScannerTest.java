package dev.gretchen.bench.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameScannerTest {

  private static final String HEAD =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

  private final List<String> told = new ArrayList<>();
  private final FrameScanner scanner = new FrameScanner();

  @Test
  void countsThePostsOfFramesOfEveryLength() {
    feed(
        bytes(
            HEAD,
            frame(1, "{\"type\":\"joined\",\"room\":\"hot\",\"from\":1}"),
            frame(1, posts(1, 700)),
            frame(9, ""),
            frame(1, posts(400, 5)),
            frame(8, "")),
        Integer.MAX_VALUE);

    assertThat(told).startsWith("upgraded true", "joined", "frame", "post 700", "ping", "frame");
    assertThat(told.stream().filter("post 5"::equals)).hasSize(400);
    assertThat(told).endsWith("closed");
  }

  @Test
  void tellsTheSameWhereverTheBytesAreCut() {
    byte[] all = bytes(HEAD, frame(1, posts(3, 12)), frame(9, ""), frame(1, posts(90, 34)));
    feed(all, Integer.MAX_VALUE);
    List<String> whole = List.copyOf(told);
    for (int piece : new int[] {1, 2, 3, 7, 64, 127}) {
      told.clear();
      new FrameScannerTest().into(told, all, piece);
      assertThat(told).as("in pieces of " + piece).isEqualTo(whole);
    }
  }

  @Test
  void aRefusalIsToldAndNothingAfterIt() {
    feed(bytes("HTTP/1.1 503 Service Unavailable\r\n\r\n", frame(1, posts(1, 1))), 1_000);
    assertThat(told).containsOnly("upgraded false");
  }

  private void into(List<String> list, byte[] all, int piece) {
    feed(all, piece);
    list.addAll(told);
  }

  private void feed(byte[] all, int piece) {
    byte[] rest = {};
    for (int from = 0; from < all.length; ) {
      int to = (int) Math.min(all.length, (long) from + piece);
      byte[] have = Arrays.copyOf(rest, rest.length + to - from);
      System.arraycopy(all, from, have, rest.length, to - from);
      int taken = scanner.scan(have, have.length, new Noted());
      rest = Arrays.copyOfRange(have, taken, have.length);
      from = to;
    }
  }

  private static String posts(int count, long at) {
    return "{\"type\":\"posts\",\"posts\":["
        + String.join(",", Collections.nCopies(count, "{\"index\":1,\"at\":" + at + "}"))
        + "]}";
  }

  private static byte[] frame(int opcode, String payload) {
    byte[] text = payload.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x80 | opcode);
    if (text.length < 126) {
      out.write(text.length);
    } else {
      out.write(126);
      out.write(text.length >> 8);
      out.write(text.length);
    }
    out.writeBytes(text);
    return out.toByteArray();
  }

  private static byte[] bytes(String head, byte[]... frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    for (byte[] frame : frames) {
      out.writeBytes(frame);
    }
    return out.toByteArray();
  }

  private final class Noted implements FrameScanner.Sink {
    @Override
    public void answered(boolean upgraded) {
      told.add("upgraded " + upgraded);
    }

    @Override
    public void post(long at) {
      told.add("post " + at);
    }

    @Override
    public void joined() {
      told.add("joined");
    }

    @Override
    public void frame() {
      told.add("frame");
    }

    @Override
    public void ping() {
      told.add("ping");
    }

    @Override
    public void closed() {
      told.add("closed");
    }
  }
}
