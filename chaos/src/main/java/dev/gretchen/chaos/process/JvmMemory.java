package dev.gretchen.chaos.process;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.List;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;

/// The memory of a process that is a JVM, by its [ManagementAgent]. Confined to one thread.
public final class JvmMemory implements AutoCloseable {
  private final long pid;
  private final JMXConnector connector;
  private final MemoryMXBean memory;
  private final List<GarbageCollectorMXBean> collectors;

  private JvmMemory(long pid, JMXConnector connector) throws IOException {
    this.pid = pid;
    this.connector = connector;
    MBeanServerConnection connection = connector.getMBeanServerConnection();
    this.memory = ManagementFactory.getPlatformMXBean(connection, MemoryMXBean.class);
    this.collectors =
        ManagementFactory.getPlatformMXBeans(connection, GarbageCollectorMXBean.class);
  }

  /// @throws EnvironmentFailure where it is no JVM, or is gone
  public static JvmMemory of(long pid) {
    JMXConnector connector = ManagementAgent.connect(pid);
    try {
      return new JvmMemory(pid, connector);
    } catch (IOException e) {
      throw new EnvironmentFailure("The JVM with pid " + pid + " does not answer: " + e, e);
    }
  }

  /// What its collectors have done so far.
  ///
  /// @param collections how many there were
  /// @param paused how long they took
  public record Collected(long collections, Duration paused) {}

  /// Has it collect its garbage, all of it, and returns when that is done.
  ///
  /// @throws EnvironmentFailure where it is gone
  public void collect() {
    try {
      memory.gc();
    } catch (UndeclaredThrowableException e) {
      throw gone(e);
    }
  }

  /// @throws EnvironmentFailure where it is gone
  public Collected collected() {
    try {
      long collections = 0;
      long millis = 0;
      for (GarbageCollectorMXBean collector : collectors) {
        collections += Math.max(0, collector.getCollectionCount());
        millis += Math.max(0, collector.getCollectionTime());
      }
      return new Collected(collections, Duration.ofMillis(millis));
    } catch (UndeclaredThrowableException e) {
      throw gone(e);
    }
  }

  private EnvironmentFailure gone(UndeclaredThrowableException cause) {
    return new EnvironmentFailure(
        "The JVM with pid " + pid + " does not answer any more: " + cause.getCause(), cause);
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException _) {
      // it is gone, which is why it is closed
    }
  }
}
