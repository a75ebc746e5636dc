package dev.gretchen.engine.internal.surroundings.link;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Real sockets on loopback.
class SocketLinksIT {

  private final List<Links.Harbour> open = new ArrayList<>();
  private final BlockingQueue<LinkEvent> here = new LinkedBlockingQueue<>();
  private final BlockingQueue<LinkEvent> there = new LinkedBlockingQueue<>();
  private final Links.Harbour a = listen(here);
  private final Links.Harbour b = listen(there);

  @AfterEach
  void close() {
    open.forEach(Links.Harbour::close);
  }

  @Test
  void carriesFramesBothWaysInOrder() {
    Link out = a.connect(b.address());
    assertThat(next(here)).isEqualTo(new LinkEvent.Opened(out));
    Link in = next(there).link();
    for (int i = 0; i < 10; i++) {
      assertThat(out.send(("frame " + i).getBytes(UTF_8))).isTrue();
      assertThat(text(next(there))).isEqualTo("frame " + i);
    }
    in.send(new byte[Links.FRAME_BYTES_MAX]);
    assertThat(((LinkEvent.Received) next(here)).frame()).hasSize(Links.FRAME_BYTES_MAX);
  }

  @Test
  void tellsAtOnceThatTheOtherEndIsGoneAndThenIsRefused() {
    Link out = a.connect(b.address());
    next(here);
    b.close();
    assertThat(next(here)).isEqualTo(new LinkEvent.Closed(out));
    // the port closes a moment after the links
    LinkEvent last = null;
    for (int i = 0; i < 50 && !(last instanceof LinkEvent.Refused); i++) {
      Link again = a.connect(b.address());
      last = next(here);
      assertThat(last.link()).isEqualTo(again);
      if (last instanceof LinkEvent.Opened) {
        assertThat(next(here)).isInstanceOf(LinkEvent.Closed.class);
      }
    }
    assertThat(last).isInstanceOf(LinkEvent.Refused.class);
  }

  @Test
  void saysWhatHasEndedIt() throws IOException {
    BlockingQueue<LinkEvent> told = new LinkedBlockingQueue<>();
    Links.Harbour broken =
        new SocketLinks("broken")
            .listen(
                "127.0.0.1",
                event -> {
                  told.add(event);
                  throw new IllegalStateException("nobody can take " + event);
                });
    open.add(broken);
    assertThat(broken.failure()).isNull();
    Link out = a.connect(broken.address());
    next(told);
    assertThat(next(here)).isEqualTo(new LinkEvent.Opened(out));
    assertThat(next(here)).as("its links go with it").isEqualTo(new LinkEvent.Closed(out));
    assertThat(broken.failure()).hasMessageContaining("nobody can take");
  }

  @Test
  void closesToStrangersAndGoesOn() throws IOException {
    int colon = b.address().lastIndexOf(':');
    for (String said : List.of("GET / HTTP/1.1\r\n\r\n", "GRTL\u0002", "GRTL\u0001\u0000\u0000")) {
      try (Socket stranger =
          new Socket(
              InetAddress.getLoopbackAddress(),
              Integer.parseInt(b.address().substring(colon + 1)))) {
        stranger.setSoTimeout(5_000);
        stranger.getOutputStream().write(said.getBytes(UTF_8));
        Link in = next(there).link();
        assertThat(next(there)).isEqualTo(new LinkEvent.Closed(in));
      }
    }
    Link out = a.connect(b.address());
    assertThat(next(here)).isEqualTo(new LinkEvent.Opened(out));
  }

  @Test
  void neverWaitsForOneThatDoesNotRead() throws IOException {
    try (java.net.ServerSocket deaf = new java.net.ServerSocket(0)) {
      Link out = a.connect("127.0.0.1:" + deaf.getLocalPort());
      assertThat(next(here)).isEqualTo(new LinkEvent.Opened(out));
      byte[] frame = new byte[Links.FRAME_BYTES_MAX];
      boolean taken = true;
      for (int i = 0; i < 1_000_000 && taken; i++) {
        taken = out.send(frame);
      }
      assertThat(taken).as("the link is full at last").isFalse();
    }
  }

  @Test
  void saysThatAnAddressLeadsNowhere() {
    Link out = a.connect("no address at all");
    assertThat(next(here)).isEqualTo(new LinkEvent.Unreachable(out));
  }

  @Test
  void doesNotListenWhereItCannotBeFound() {
    assertThatThrownBy(() -> new SocketLinks("w1").listen("0.0.0.0", _ -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("0.0.0.0");
  }

  private Links.Harbour listen(BlockingQueue<LinkEvent> events) {
    try {
      Links.Harbour harbour = new SocketLinks("test").listen("127.0.0.1", events::add);
      open.add(harbour);
      return harbour;
    } catch (IOException cause) {
      throw new java.io.UncheckedIOException(cause);
    }
  }

  private static LinkEvent next(BlockingQueue<LinkEvent> events) {
    try {
      return requireNonNull(events.poll(10, TimeUnit.SECONDS), "nothing happened");
    } catch (InterruptedException cause) {
      throw new IllegalStateException(cause);
    }
  }

  private static String text(LinkEvent event) {
    return new String(((LinkEvent.Received) event).frame(), UTF_8);
  }
}
