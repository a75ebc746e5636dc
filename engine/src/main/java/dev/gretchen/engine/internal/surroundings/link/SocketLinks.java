package dev.gretchen.engine.internal.surroundings.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/// Links over TCP.
///
/// @param worker names the thread
public record SocketLinks(String worker) implements Links {

  @Override
  public Harbour listen(String host, Consumer<LinkEvent> events) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    if (address.isAnyLocalAddress()) {
      throw new IOException(
          "others cannot be told " + host + ", which is every address; name the one they reach");
    }
    SocketHarbour harbour = SocketHarbour.open(host, new InetSocketAddress(address, 0), events);
    Thread.ofPlatform().name(worker + "-links").daemon().start(harbour::run);
    return harbour;
  }
}
