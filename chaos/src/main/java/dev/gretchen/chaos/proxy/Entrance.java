package dev.gretchen.chaos.proxy;

import dev.gretchen.chaos.broker.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Where clients come in to one worker: a port of 127.0.0.1 that stays the same over all of the
/// worker's processes. A client that comes while the worker is down, or while nobody is let in, is
/// reset. Any thread.
public final class Entrance implements AutoCloseable {
  private static final int ATTEMPTS_MAX = 10;

  private final String name;
  private final Supplier<OptionalInt> worker;
  private final ServerSocketChannel server;
  private final int port;
  private final Set<Passage> passages = ConcurrentHashMap.newKeySet();
  private final AtomicLong turnedAway = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition flows = lock.newCondition();
  private final Set<Passage> held = ConcurrentHashMap.newKeySet();
  private boolean holding; // guarded by lock
  private volatile boolean shut;

  private Entrance(
      String name, Supplier<OptionalInt> worker, ServerSocketChannel server, int port) {
    this.name = name;
    this.worker = worker;
    this.server = server;
    this.port = port;
  }

  /// Listens.
  ///
  /// @param worker the port that the worker's process listens at, empty while there is none
  static Entrance open(String name, Supplier<OptionalInt> worker) throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = Ports.free(1).getFirst();
      ServerSocketChannel server = ServerSocketChannel.open();
      try {
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        Entrance entrance = new Entrance(name, worker, server, port);
        Thread.ofVirtual().name("entrance " + name).start(entrance::accept);
        return entrance;
      } catch (IOException e) {
        server.close();
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  String name() {
    return name;
  }

  /// Where clients connect.
  public int port() {
    return port;
  }

  /// How many clients are connected.
  public int connections() {
    return passages.size();
  }

  /// How many clients came in vain since it was opened.
  public long turnedAway() {
    return turnedAway.get();
  }

  /// Ends all connections with a TCP reset.
  ///
  /// @return how many there were
  public int cut() {
    List<Passage> all = List.copyOf(passages);
    all.forEach(Passage::reset);
    return all.size();
  }

  /// Lets nobody in any more.
  public void shut() {
    shut = true;
  }

  /// Nothing passes any more, either way; connections stay.
  public void hold() {
    lock.lock();
    try {
      holding = true;
    } finally {
      lock.unlock();
    }
  }

  /// How many connections had something to say since they are held.
  public int held() {
    return held.size();
  }

  /// Whether nobody is kept out and nothing held.
  public boolean isFree() {
    lock.lock();
    try {
      return !shut && !holding;
    } finally {
      lock.unlock();
    }
  }

  /// Lets everybody in and everything pass.
  public void free() {
    shut = false;
    lock.lock();
    try {
      holding = false;
      held.clear();
      flows.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Returns when bytes may pass.
  void awaitFlow(Passage passage) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (holding && passages.contains(passage)) {
        held.add(passage);
        flows.await();
      }
    } finally {
      lock.unlock();
    }
  }

  void gone(Passage passage) {
    passages.remove(passage);
    lock.lock();
    try {
      // it may be the one that waits
      flows.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel client = server.accept();
        OptionalInt target = shut ? OptionalInt.empty() : worker.get();
        if (target.isEmpty()) {
          turnAway(client);
        } else {
          admit(client, target.getAsInt());
        }
      } catch (IOException _) {
        // closed, which ends the loop; or a connection that went before it was accepted
      }
    }
  }

  private void admit(SocketChannel client, int target) {
    SocketChannel inner = null;
    try {
      inner = SocketChannel.open();
      inner.setOption(StandardSocketOptions.SO_RCVBUF, Passage.RECEIVE_BUFFER_BYTES);
      // in the thread of the entrance: on loopback a connection is made or refused at once
      inner.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      inner.setOption(StandardSocketOptions.TCP_NODELAY, true);
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
    } catch (IOException _) {
      if (inner != null) {
        Relay.close(inner);
      }
      turnAway(client);
      return;
    }
    Passage passage = new Passage(this, client, inner);
    passages.add(passage);
    if (shut) {
      passage.reset();
    } else {
      passage.start();
    }
  }

  private void turnAway(SocketChannel client) {
    turnedAway.incrementAndGet();
    try {
      client.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException _) {
      // it has gone by itself
    }
    Relay.close(client);
  }

  /// Lets nobody in and ends all connections.
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException _) {
      // nobody can connect any more either way
    }
    free();
    List.copyOf(passages).forEach(Passage::close);
  }
}
