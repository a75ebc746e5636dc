package dev.gretchen.chaos.proxy;

import static java.util.stream.Collectors.toSet;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.Lane;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/// The links of all workers, or of all brokers to each other.
///
/// Each link stands before a listener of its own on every broker, which advertises the link's port
/// (a [Lane]). So every address that a broker ever tells a worker, in whatever response of whatever
/// version, leads through the worker's link, and no response has to be rewritten: newer versions
/// hide addresses in responses of Produce and Fetch too, where a proxy that rewrites would miss
/// them. The price is that the number of links is fixed when the brokers start; a worker beyond
/// them has none, and no fault of the network can hit it.
public final class Links implements AutoCloseable {
  private final List<Link> links;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Link> taken = new HashMap<>(); // guarded by lock

  private Links(List<Link> links) {
    this.links = List.copyOf(links);
  }

  /// Listens, for so many workers and these brokers.
  ///
  /// @throws EnvironmentFailure where there are no free ports
  public static Links open(int count, Set<Integer> brokers) {
    List<Link> links = new ArrayList<>();
    try {
      for (int i = 1; i <= count; i++) {
        links.add(Link.open("lane " + i, brokers));
      }
      return new Links(links);
    } catch (IOException e) {
      links.forEach(Link::close);
      throw new EnvironmentFailure("No free ports for links on 127.0.0.1: " + e.getMessage(), e);
    }
  }

  /// Listens for brokers 1 to n among themselves: each has a link of its own to all, by the name
  /// that [Ways#broker] gives it, and the first lane is that of broker 1.
  ///
  /// @throws EnvironmentFailure where there are no free ports
  public static Links between(int brokers) {
    Links peers = open(brokers, IntStream.rangeClosed(1, brokers).boxed().collect(toSet()));
    for (int id = 1; id <= brokers; id++) {
      peers.of(Ways.broker(id));
    }
    return peers;
  }

  /// What the brokers have to advertise.
  public List<Lane> lanes() {
    return links.stream().map(link -> new Lane(link.ports())).toList();
  }

  /// The brokers listen: from now on the links lead there.
  ///
  /// @param ports for each lane, by broker
  public void connect(List<Map<Integer, Integer>> ports) {
    for (int i = 0; i < links.size(); i++) {
      links.get(i).connect(ports.get(i));
    }
  }

  /// The link of a worker, which gets a free one when it is first asked for; empty where none is
  /// left.
  public Optional<Link> of(String worker) {
    lock.lock();
    try {
      Link own = taken.get(worker);
      if (own == null && taken.size() < links.size()) {
        own = links.stream().filter(link -> !taken.containsValue(link)).findFirst().orElseThrow();
        taken.put(worker, own);
      }
      return Optional.ofNullable(own);
    } finally {
      lock.unlock();
    }
  }

  /// Lifts all rules of all links.
  ///
  /// @return whether there was one
  public boolean clear() {
    boolean any = links.stream().anyMatch(link -> !link.isClear());
    links.forEach(Link::clear);
    return any;
  }

  @Override
  public void close() {
    links.forEach(Link::close);
  }
}
