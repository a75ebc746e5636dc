package dev.gretchen.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.process.Child;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// What a worker's JVM says of itself, and how much CPU the brokers took: read from outside, in the
/// same way for every side, by the JVM's own management agent.
final class Gauges implements AutoCloseable {

  private static final Duration CONNECT_BOUND = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final JMXConnector connector;
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
    MBeanServerConnection connection = connector.getMBeanServerConnection();
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
