package dev.gretchen.chaos.broker;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.process.Folders;
import dev.gretchen.chaos.process.Preload;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;

/// Real Kafka servers, each a child JVM that is broker and controller (KRaft), on 127.0.0.1 only.
///
/// Each has its own folder below the scratch folder of the [Processes] and keeps it over kills and
/// restarts. Ids are 1 to n.
public final class Brokers implements Cluster, BrokerControl {
  /// The level of the feature `transaction.version` that is set and asserted: the transaction
  /// protocol in which each transaction has a producer epoch of its own.
  public static final short TRANSACTION_VERSION = 2;

  /// How long all brokers together may take until all are registered.
  public static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  /// How often a start is tried when another program takes a port that was free just before.
  static final int START_ATTEMPTS_MAX = 3;

  private static final Duration PORT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PAUSE_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration POLL = Duration.ofMillis(50);

  private final String clusterId = Uuid.randomUuid().toString();
  private final List<BrokerProcess> brokers;
  private final BrokerSettings settings;
  private final ClusterProbe probe;

  private Brokers(List<BrokerProcess> brokers, BrokerSettings settings) {
    this.brokers = brokers;
    this.settings = settings;
    this.probe = new ClusterProbe(Map.of("bootstrap.servers", addresses(brokers)));
  }

  /// Starts all brokers in parallel and returns when all are registered.
  ///
  /// @throws EnvironmentFailure where they are not within [#START_TIMEOUT], or one dies
  public static Brokers start(Processes processes, BrokerSettings settings)
      throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Brokers brokers = place(processes, settings);
      try {
        brokers.startAll();
        brokers.awaitAllUp(START_TIMEOUT);
        brokers.probe.requireTransactionVersion(TRANSACTION_VERSION, START_TIMEOUT);
        return brokers;
      } catch (EnvironmentFailure e) {
        boolean again = attempt < START_ATTEMPTS_MAX && brokers.lostPort();
        brokers.close();
        if (!again) {
          throw e;
        }
      } catch (InterruptedException | RuntimeException e) {
        brokers.close();
        throw e;
      }
    }
  }

  private static Brokers place(Processes processes, BrokerSettings settings) {
    List<ServerProperties.Node> nodes = nodes(settings);
    Path home = processes.scratch().resolve("brokers");
    List<BrokerProcess> brokers = new ArrayList<>();
    for (ServerProperties.Node node : nodes) {
      Path folder = home.resolve("broker-" + node.id());
      BrokerProcess broker = new BrokerProcess(node, settings, processes, folder);
      broker.writeConfiguration(nodes);
      brokers.add(broker);
    }
    return new Brokers(List.copyOf(brokers), settings);
  }

  private static List<ServerProperties.Node> nodes(BrokerSettings settings) {
    try {
      int each = 2 + settings.lanes().all().size();
      List<Integer> ports = Ports.free(each * settings.count());
      List<ServerProperties.Node> nodes = new ArrayList<>();
      for (int i = 0; i < settings.count(); i++) {
        List<Integer> own = ports.subList(each * i, each * (i + 1));
        nodes.add(
            new ServerProperties.Node(i + 1, own.get(0), own.get(1), own.subList(2, own.size())));
      }
      return nodes;
    } catch (IOException e) {
      throw new EnvironmentFailure(
          "No free ports for the brokers on 127.0.0.1: " + Folders.reason(e), e);
    }
  }

  private void startAll() {
    brokers.forEach(broker -> broker.start(clusterId));
  }

  private boolean lostPort() {
    return brokers.stream().anyMatch(broker -> broker.died() && broker.failure().portTaken());
  }

  /// Waits until all brokers are in the cluster's list of nodes.
  ///
  /// @throws EnvironmentFailure where one has died, or time is up
  public void awaitAllUp(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    // ports first: a client that finds them closed fills the log of this JVM with warnings
    while (!brokers.stream().allMatch(broker -> ClusterProbe.accepts(broker.port()))) {
      pauseUnlessFailed(deadline, timeout);
    }
    while (!registered(POLL.multipliedBy(20)).equals(ids())) {
      pauseUnlessFailed(deadline, timeout);
    }
  }

  private void pauseUnlessFailed(long deadline, Duration timeout) throws InterruptedException {
    Optional<BrokerProcess> dead = brokers.stream().filter(broker -> !broker.isAlive()).findFirst();
    if (dead.isPresent()) {
      throw dead.get().failure().toException();
    }
    if (System.nanoTime() > deadline) {
      throw new EnvironmentFailure(
          "Not all brokers were registered within %d s; their logs are %s"
              .formatted(timeout.toSeconds(), brokers.stream().map(BrokerProcess::log).toList()));
    }
    Thread.sleep(POLL);
  }

  @Override
  public String bootstrap() {
    return addresses(brokers);
  }

  /// For each lane of the settings, the port on which each broker listens for it, by broker.
  public List<Map<Integer, Integer>> lanePorts() {
    return ports().subList(0, settings.lanes().workers().size());
  }

  /// The same for the listeners of the brokers themselves, the first that of broker 1.
  public List<Map<Integer, Integer>> peerPorts() {
    List<Map<Integer, Integer>> all = ports();
    return all.subList(settings.lanes().workers().size(), all.size());
  }

  private List<Map<Integer, Integer>> ports() {
    List<Map<Integer, Integer>> all = new ArrayList<>();
    for (int lane = 0; lane < brokers.getFirst().lanes().size(); lane++) {
      Map<Integer, Integer> ports = new TreeMap<>();
      for (BrokerProcess broker : brokers) {
        ports.put(broker.id(), broker.lanes().get(lane));
      }
      all.add(ports);
    }
    return all;
  }

  private static String addresses(List<BrokerProcess> brokers) {
    return brokers.stream()
        .map(broker -> "127.0.0.1:" + broker.port())
        .collect(Collectors.joining(","));
  }

  @Override
  public Map<String, String> clientProperties() {
    return Map.of("bootstrap.servers", bootstrap());
  }

  @Override
  public BrokerFaults brokerFaults() {
    return brokers.size() > 1
        ? new BrokerFaults.Supported(this)
        : new BrokerFaults.Unsupported("the cluster has one broker, and nobody to take over");
  }

  @Override
  public SortedSet<Integer> ids() {
    return brokers.stream().map(BrokerProcess::id).collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public long kill(int id) {
    return broker(id).kill();
  }

  @Override
  public OptionalInt stopGracefully(int id, Duration timeout) throws InterruptedException {
    return broker(id).terminate(timeout);
  }

  @Override
  public boolean pause(int id) throws InterruptedException {
    return broker(id).pause(PAUSE_TIMEOUT);
  }

  @Override
  public void resume(int id) {
    broker(id).resume();
  }

  @Override
  public void restart(int id) throws InterruptedException {
    BrokerProcess broker = broker(id);
    long deadline = System.nanoTime() + PORT_TIMEOUT.toNanos();
    while (!Ports.isFree(broker.port()) && System.nanoTime() < deadline) {
      Thread.sleep(POLL);
    }
    broker.start(clusterId);
  }

  @Override
  public boolean isAlive(int id) {
    return broker(id).isAlive();
  }

  @Override
  public void shrinkDisk(int id, long free) throws InterruptedException {
    broker(id).shrinkDisk(free);
  }

  @Override
  public long fillDisk(int id) {
    return broker(id).fillDisk();
  }

  @Override
  public boolean isDiskSmall(int id) {
    return broker(id).isDiskSmall();
  }

  @Override
  public void restoreDisk(int id) throws InterruptedException {
    broker(id).restoreDisk();
  }

  @Override
  public Optional<Preload> preload() {
    return Optional.ofNullable(settings.preload());
  }

  @Override
  public Set<Integer> registered(Duration timeout) throws InterruptedException {
    return probe.nodes(timeout);
  }

  /// A sentence for each broker that died without having been killed.
  public List<String> unexpectedExits() {
    return brokers.stream()
        .filter(BrokerProcess::died)
        .map(broker -> broker.failure().sentence())
        .toList();
  }

  private BrokerProcess broker(int id) {
    return brokers.stream()
        .filter(broker -> broker.id() == id)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No broker " + id + " among " + ids()));
  }

  /// Kills all brokers; their data stay below the scratch folder.
  @Override
  public void close() {
    probe.close();
    brokers.forEach(BrokerProcess::close);
    removeSmallDisks();
  }

  /// A run that is broken off must not leave a mount; an interrupt is kept for later.
  private void removeSmallDisks() {
    boolean interrupted = Thread.interrupted();
    try {
      for (BrokerProcess broker : brokers) {
        if (broker.isDiskSmall()) {
          broker.restoreDisk();
        }
      }
    } catch (InterruptedException _) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
