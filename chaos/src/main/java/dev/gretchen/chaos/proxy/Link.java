package dev.gretchen.chaos.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One worker's way to all brokers: a port of 127.0.0.1 for each of them, and the rules in force.
public final class Link implements AutoCloseable {
  private static final InForce[] NONE = {};

  private final String name;
  private final Map<Integer, Door> doors = new TreeMap<>();
  private final Set<Relay> relays = ConcurrentHashMap.newKeySet();
  private final Map<Relay, InForce> spoiled = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile InForce[] rules = NONE; // written under lock
  private volatile Map<Integer, Integer> targets = Map.of();

  private Link(String name) {
    this.name = name;
  }

  /// Listens on a port for each broker; whoever connects is refused until [#connect].
  static Link open(String name, Set<Integer> brokers) throws IOException {
    Link link = new Link(name);
    try {
      for (int broker : brokers) {
        link.doors.put(broker, Door.open(link, broker));
      }
      return link;
    } catch (IOException e) {
      link.close();
      throw e;
    }
  }

  /// From now on what arrives goes to these ports, by broker.
  void connect(Map<Integer, Integer> ports) {
    targets = Map.copyOf(ports);
  }

  String name() {
    return name;
  }

  /// The ports to connect to, by broker: what the brokers advertise to this worker.
  public Map<Integer, Integer> ports() {
    return doors.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, door -> door.getValue().port()));
  }

  /// The port for one broker.
  ///
  /// @throws IllegalArgumentException where there is no such broker
  public int port(int broker) {
    Door door = doors.get(broker);
    if (door == null) {
      throw new IllegalArgumentException("No broker " + broker + " among " + doors.keySet());
    }
    return door.port();
  }

  /// For `bootstrap.servers` of this worker.
  public String bootstrap() {
    return doors.values().stream()
        .map(door -> "127.0.0.1:" + door.port())
        .collect(Collectors.joining(","));
  }

  /// Puts a rule into force, on the way to all brokers.
  public InForce apply(Rule rule) {
    return apply(rule, Set.of());
  }

  /// Puts a rule into force.
  ///
  /// @param brokers on the way to these; none for all
  public InForce apply(Rule rule, Set<Integer> brokers) {
    InForce force = new InForce(this, rule, brokers);
    lock.lock();
    try {
      rules = Arrays.copyOf(rules, rules.length + 1);
      rules[rules.length - 1] = force;
    } finally {
      lock.unlock();
    }
    if (rule instanceof Rule.Refuse) {
      for (Relay relay : live(force)) {
        force.did("connection to broker " + relay.broker() + " reset", 0);
        relay.reset();
      }
    }
    return force;
  }

  /// Resets all connections, once.
  ///
  /// @param brokers to these; none for all
  /// @return how many there were
  public int resetConnections(Set<Integer> brokers) {
    List<Relay> hit =
        relays.stream().filter(r -> brokers.isEmpty() || brokers.contains(r.broker())).toList();
    hit.forEach(Relay::reset);
    return hit.size();
  }

  /// How many connections there are now.
  public int connections() {
    return relays.size();
  }

  /// Whether no rule is in force.
  public boolean isClear() {
    return rules.length == 0;
  }

  /// Lifts all rules.
  public void clear() {
    for (InForce force : rules) {
      lift(force);
    }
  }

  InForce[] rules() {
    return rules;
  }

  void lift(InForce force) {
    lock.lock();
    try {
      List<InForce> remaining = new ArrayList<>(List.of(rules));
      remaining.remove(force);
      rules = remaining.toArray(NONE);
    } finally {
      lock.unlock();
    }
    force.release();
    spoiled.forEach((relay, by) -> {
      if (by == force) {
        relay.reset();
      }
    });
  }

  /// This connection has lost bytes by that rule.
  void spoiled(InForce force, Relay relay) {
    spoiled.put(relay, force);
    if (!List.of(rules).contains(force)) {
      // lifted meanwhile: whoever lifted it did not know
      relay.reset();
    }
  }

  private List<Relay> live(InForce force) {
    return relays.stream().filter(relay -> force.concerns(relay.broker())).toList();
  }

  /// A worker has connected.
  void accepted(SocketChannel worker, int broker) {
    InForce refusal = refusal(broker);
    Integer port = targets.get(broker);
    if (refusal != null || port == null) {
      if (refusal != null) {
        refusal.did("connection to broker " + broker + " refused", 0);
      }
      refuse(worker);
      return;
    }
    try {
      // in the thread of the door: on loopback a connection is made or refused at once
      SocketChannel server =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      server.setOption(StandardSocketOptions.TCP_NODELAY, true);
      worker.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Relay relay = new Relay(this, broker, worker, server);
      relays.add(relay);
      if (refusal(broker) != null) {
        relay.reset();
      } else {
        relay.start();
      }
    } catch (IOException _) {
      refuse(worker);
    }
  }

  private @Nullable InForce refusal(int broker) {
    for (InForce force : rules) {
      if (force.rule() instanceof Rule.Refuse && force.concerns(broker)) {
        return force;
      }
    }
    return null;
  }

  private static void refuse(SocketChannel worker) {
    try {
      worker.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException _) {
      // it has gone by itself
    }
    Relay.close(worker);
  }

  void gone(Relay relay) {
    relays.remove(relay);
    spoiled.remove(relay);
  }

  /// Lifts all rules and ends all connections.
  @Override
  public void close() {
    doors.values().forEach(Door::close);
    clear();
    List.copyOf(relays).forEach(Relay::close);
  }
}
