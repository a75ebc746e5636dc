package dev.gretchen.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.ManagementAgent;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// What a worker's JVM says of itself, and how much CPU the brokers took: read from outside, in the
/// same way for every side, by the JVM's own management agent.
final class Gauges implements AutoCloseable {

  private static final Duration CONNECT_BOUND = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private static final String CONSUMERS =
      "kafka.consumer:type=consumer-fetch-manager-metrics,client-id=*";

  private final JMXConnector connector;
  private final MBeanServerConnection connection;
  private final OperatingSystemMXBean system;
  private final ThreadMXBean threads;
  private final List<GarbageCollectorMXBean> collectors;
  private final List<Child> brokers;

  /// @param cpuNanos of the worker, its compiler and collector included
  /// @param allocatedBytes by all its threads so far
  /// @param collectorMillis time in garbage collection
  /// @param brokerCpuNanos of all brokers
  record Reading(
      long nanoTime,
      long cpuNanos,
      long allocatedBytes,
      long collectorMillis,
      long brokerCpuNanos) {}

  private Gauges(JMXConnector connector, List<Child> brokers) throws IOException {
    this.connector = connector;
    this.brokers = brokers;
    connection = connector.getMBeanServerConnection();
    system = ManagementFactory.getPlatformMXBean(connection, OperatingSystemMXBean.class);
    threads = ManagementFactory.getPlatformMXBean(connection, ThreadMXBean.class);
    collectors = ManagementFactory.getPlatformMXBeans(connection, GarbageCollectorMXBean.class);
  }

  /// What makes a JVM open its management agent on a port of loopback, before its program begins.
  static List<String> options(int port) {
    String agent = "-Dcom.sun.management.jmxremote.";
    return List.of(
        agent + "port=" + port,
        agent + "rmi.port=" + port,
        agent + "host=127.0.0.1",
        agent + "authenticate=false",
        agent + "ssl=false",
        "-Djava.rmi.server.hostname=127.0.0.1");
  }

  /// Has a running worker open its management agent, and connects: for one whose start must not be
  /// held up by it.
  static Gauges attach(Child worker, List<Child> brokers) {
    try {
      return new Gauges(ManagementAgent.connect(worker.pid()), brokers);
    } catch (IOException cause) {
      throw new EnvironmentFailure(worker + " cannot be measured: " + cause, cause);
    }
  }

  /// Connects to a worker that has just been started with [#options].
  @SuppressWarnings("BanJNDI") // the address is our own child's, on loopback
  static Gauges connect(Child worker, int port, List<Child> brokers) throws InterruptedException {
    long deadline = System.nanoTime() + CONNECT_BOUND.toNanos();
    while (true) {
      try {
        JMXServiceURL address =
            new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi");
        return new Gauges(JMXConnectorFactory.connect(address), brokers);
      } catch (IOException notYet) {
        if (!worker.isAlive() || System.nanoTime() > deadline) {
          throw new EnvironmentFailure(
              worker
                  + " cannot be measured ("
                  + notYet.getMessage()
                  + "); its log ends with\n"
                  + worker.logTail(10),
              notYet);
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  Reading read() {
    long collecting = 0;
    for (GarbageCollectorMXBean collector : collectors) {
      collecting += Math.max(0, collector.getCollectionTime());
    }
    return new Reading(
        System.nanoTime(),
        system.getProcessCpuTime(),
        threads.getTotalThreadAllocatedBytes(),
        collecting,
        brokerCpuNanos());
  }

  /// What consumers have fetched and handed over so far.
  ///
  /// @param bytes as they lie in the log, headers included
  record Consumed(long records, long bytes) {}

  /// What those consumers have consumed whose client id holds one of some words: Kafka's clients
  /// say it of themselves.
  Consumed consumed(List<String> words) {
    double records = 0;
    double bytes = 0;
    try {
      for (ObjectName name : connection.queryNames(new ObjectName(CONSUMERS), null)) {
        String client = name.getKeyProperty("client-id");
        if (words.stream().anyMatch(client::contains)) {
          records += total(name, "records-consumed-total");
          bytes += total(name, "bytes-consumed-total");
        }
      }
    } catch (IOException | JMException cause) {
      throw new EnvironmentFailure("the worker's consumers cannot be measured: " + cause, cause);
    }
    return new Consumed(Math.round(records), Math.round(bytes));
  }

  /// 0 where there is no such number yet: a consumer makes it with its first record.
  private double total(ObjectName name, String attribute) throws IOException, JMException {
    return connection.getAttributes(name, new String[] {attribute}).asList().stream()
        .mapToDouble(found -> found.getValue() instanceof Number number ? number.doubleValue() : 0)
        .filter(value -> !Double.isNaN(value))
        .sum();
  }

  private long brokerCpuNanos() {
    long nanos = 0;
    for (Child broker : brokers) {
      nanos +=
          ProcessHandle.of(broker.pid())
              .flatMap(handle -> handle.info().totalCpuDuration())
              .orElse(Duration.ZERO)
              .toNanos();
    }
    return nanos;
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException _) {
      // the worker is gone, which is why it is closed
    }
  }
}
