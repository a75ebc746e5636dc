package dev.gretchen.engine.internal.surroundings.link;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sockets on one selector. One thread accepts, connects, reads and writes for all links and tells
/// what happens; a socket that takes nothing more holds up nobody.
final class SocketHarbour implements Links.Harbour {

  private static final Logger LOG = LoggerFactory.getLogger(SocketHarbour.class);

  /// Within one network a connection takes milliseconds; one packet may be lost and sent again
  /// after a second.
  private static final Duration CONNECT_BOUND = Duration.ofSeconds(2);

  private static final long LOOK_MILLIS = 100;

  /// Links at a time; strangers beyond are turned away.
  private static final int LINKS_MAX = 512;

  private final String host;
  private final Selector selector;
  private final ServerSocketChannel server;
  private final int port;
  private final Consumer<LinkEvent> events;
  private final ConcurrentLinkedQueue<Runnable> wishes = new ConcurrentLinkedQueue<>();
  private volatile boolean closing;
  private volatile @Nullable Throwable failure;

  // confined to the links' thread
  private final Set<SocketLink> links = new LinkedHashSet<>();

  private SocketHarbour(
      String host, Selector selector, ServerSocketChannel server, Consumer<LinkEvent> events)
      throws IOException {
    this.host = host;
    this.selector = selector;
    this.server = server;
    this.port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    this.events = events;
  }

  static SocketHarbour open(String host, InetSocketAddress address, Consumer<LinkEvent> events)
      throws IOException {
    Selector selector = Selector.open();
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      server.bind(address);
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      return new SocketHarbour(host, selector, server, events);
    } catch (IOException taken) {
      server.close();
      selector.close();
      throw taken;
    }
  }

  @Override
  public String address() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  @Override
  public Link connect(String address) {
    try {
      SocketChannel channel = SocketChannel.open();
      SocketLink link = new SocketLink(this, channel, System.nanoTime());
      wish(() -> begin(link, address));
      return link;
    } catch (IOException noSockets) {
      throw new java.io.UncheckedIOException("no socket can be made", noSockets);
    }
  }

  @Override
  public @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public void close() {
    closing = true;
    selector.wakeup();
  }

  void wantsToWrite(SocketLink link) {
    wish(() -> write(link));
  }

  void wantsToClose(SocketLink link) {
    wish(() -> end(link));
  }

  private void wish(Runnable wish) {
    wishes.add(wish);
    selector.wakeup();
  }

  /// Until it is closed.
  void run() {
    try {
      while (!closing) {
        selector.select(this::ready, LOOK_MILLIS);
        for (Runnable wish = wishes.poll(); wish != null; wish = wishes.poll()) {
          wish.run();
        }
        giveUpOnTheLate();
      }
    } catch (IOException | RuntimeException broken) {
      failure = broken;
    } finally {
      flushAndClose();
    }
  }

  private void flushAndClose() {
    for (SocketLink link : Set.copyOf(links)) {
      write(link);
      end(link);
    }
    closeQuietly(server);
    closeQuietly(selector);
  }

  private void ready(SelectionKey key) {
    if (!key.isValid()) {
      return;
    }
    if (key.isAcceptable()) {
      accept();
      return;
    }
    SocketLink link = (SocketLink) key.attachment();
    if (key.isConnectable()) {
      finish(link);
      return;
    }
    if (key.isWritable()) {
      write(link);
    }
    if (key.isValid() && key.isReadable()) {
      read(link);
    }
  }

  private void accept() {
    try {
      SocketChannel channel = server.accept();
      if (channel == null) {
        return;
      }
      if (links.size() >= LINKS_MAX) {
        LOG.atWarn().addKeyValue("links", links.size()).log("link turned away, too many are open");
        closeQuietly(channel);
        return;
      }
      SocketLink link = new SocketLink(this, channel, System.nanoTime());
      register(link, SelectionKey.OP_READ);
      link.opened();
      tell(new LinkEvent.Accepted(link));
      write(link);
    } catch (IOException gone) {
      LOG.atDebug().addKeyValue("cause", gone.toString()).log("whoever came has gone again");
    }
  }

  private void register(SocketLink link, int interest) throws IOException {
    link.channel().configureBlocking(false);
    link.channel().setOption(StandardSocketOptions.TCP_NODELAY, true);
    link.channel().register(selector, interest, link);
    links.add(link);
  }

  private void begin(SocketLink link, String address) {
    if (link.isClosed()) {
      closeQuietly(link.channel());
      return;
    }
    try {
      register(link, SelectionKey.OP_CONNECT);
      if (link.channel().connect(parse(address))) {
        finish(link);
      }
    } catch (IOException | IllegalArgumentException failure) {
      notOpened(link, failure);
    }
  }

  private void finish(SocketLink link) {
    try {
      if (link.channel().finishConnect()) {
        link.channel().register(selector, SelectionKey.OP_READ, link);
        link.opened();
        tell(new LinkEvent.Opened(link));
        write(link);
      }
    } catch (IOException failure) {
      notOpened(link, failure);
    }
  }

  private void notOpened(SocketLink link, Exception failure) {
    boolean told = link.isClosed();
    end(link);
    if (!told) {
      // the system's own words: it has no other way to tell them apart
      boolean refused =
          failure instanceof ConnectException
              && String.valueOf(failure.getMessage()).startsWith("Connection refused");
      tell(refused ? new LinkEvent.Refused(link) : new LinkEvent.Unreachable(link));
    }
  }

  private void read(SocketLink link) {
    try {
      for (byte[] frame : link.read()) {
        if (!link.isClosed()) {
          tell(new LinkEvent.Received(link, frame));
        }
      }
    } catch (Frames.Garbled stranger) {
      LOG.atWarn().addKeyValue("reason", stranger.getMessage()).log("link closed to a stranger");
      broken(link);
    } catch (IOException gone) {
      broken(link);
    }
  }

  private void write(SocketLink link) {
    if (!link.isOpen() || !link.channel().isOpen()) {
      return;
    }
    try {
      boolean left = link.write();
      link.channel()
          .register(
              selector,
              left ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ,
              link);
    } catch (ClosedChannelException _) {
      // told where it was closed
    } catch (IOException gone) {
      broken(link);
    }
  }

  private void broken(SocketLink link) {
    boolean told = link.isClosed();
    end(link);
    if (!told) {
      tell(new LinkEvent.Closed(link));
    }
  }

  private void end(SocketLink link) {
    link.ended();
    links.remove(link);
    closeQuietly(link.channel());
  }

  private void giveUpOnTheLate() {
    long now = System.nanoTime();
    Iterator<SocketLink> late =
        links.stream()
            .filter(link -> !link.isOpen() && now - link.since() > CONNECT_BOUND.toNanos())
            .toList()
            .iterator();
    while (late.hasNext()) {
      notOpened(late.next(), new IOException("no answer"));
    }
  }

  private void tell(LinkEvent event) {
    events.accept(event);
  }

  private static InetSocketAddress parse(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("expected host:port, found '" + address + "'");
    }
    String host = address.substring(0, colon).replaceAll("^\\[|]$", "");
    return new InetSocketAddress(
        InetAddress.getByName(host), Integer.parseInt(address.substring(colon + 1)));
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception gone) {
      LOG.atDebug().addKeyValue("cause", gone.toString()).log("was closed already");
    }
  }
}
