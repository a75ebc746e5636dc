package dev.gretchen.chaos.broker;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Folders;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Preload;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.chaos.process.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One broker: its folder, and the process that runs now or ran last.
final class BrokerProcess {
  /// Fast to start and small. Without the C2 compiler three brokers on two cores are up in 5 s
  /// instead of 7.
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-Xms96m",
          "-Xmx384m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+ExitOnOutOfMemoryError",
          "-Djava.awt.headless=true",
          "-Dlog4j2.statusLoggerLevel=OFF");

  private static final String LOGBACK =
      """
      <configuration>
        <statusListener class="ch.qos.logback.core.status.NopStatusListener"/>
        <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%d %-5level %logger{20} %msg%n</pattern></encoder>
        </appender>
        <!-- warns at each attempt to reach a broker that was killed on purpose -->
        <logger name="org.apache.kafka.clients.NetworkClient" level="ERROR"/>
        <root level="WARN"><appender-ref ref="out"/></root>
      </configuration>
      """;

  private static final Duration PAUSE_POLL = Duration.ofMillis(5);

  private final ServerProperties.Node node;
  private final BrokerSettings settings;
  private final Processes processes;
  private final Path folder;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Child child; // guarded by lock
  private boolean downByUs = true; // guarded by lock
  private @Nullable SmallDisk smallDisk; // guarded by lock

  BrokerProcess(
      ServerProperties.Node node, BrokerSettings settings, Processes processes, Path folder) {
    this.node = node;
    this.settings = settings;
    this.processes = processes;
    this.folder = folder;
  }

  int id() {
    return node.id();
  }

  int port() {
    return node.port();
  }

  List<Integer> lanes() {
    return node.lanes();
  }

  Path log() {
    return settings.logs().resolve("broker-" + id() + ".log");
  }

  private Path data() {
    return folder.resolve("data");
  }

  void shrinkDisk(long free) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (isAlive()) {
        throw new IllegalStateException("The disk of broker " + id() + " is in use");
      }
      smallDisk = SmallDisk.mount(data(), free, processes);
    } catch (IOException e) {
      throw diskFailure("moved", e);
    } finally {
      lock.unlock();
    }
  }

  /// Its end is no surprise from now on.
  long fillDisk() {
    lock.lock();
    try {
      downByUs = true;
      return small().fill();
    } catch (IOException e) {
      throw diskFailure("filled", e);
    } finally {
      lock.unlock();
    }
  }

  boolean isDiskSmall() {
    lock.lock();
    try {
      return smallDisk != null;
    } finally {
      lock.unlock();
    }
  }

  void restoreDisk() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (isAlive()) {
        throw new IllegalStateException("The disk of broker " + id() + " is in use");
      }
      small().unmount();
      smallDisk = null;
    } catch (IOException e) {
      throw diskFailure("moved back", e);
    } finally {
      lock.unlock();
    }
  }

  private SmallDisk small() {
    SmallDisk small = smallDisk;
    if (small == null) {
      throw new IllegalStateException("The disk of broker " + id() + " is as large as any");
    }
    return small;
  }

  private EnvironmentFailure diskFailure(String what, IOException cause) {
    return new EnvironmentFailure(
        "The disk of broker " + id() + " cannot be " + what + ": " + Folders.reason(cause), cause);
  }

  void writeConfiguration(List<ServerProperties.Node> nodes) {
    try {
      Folders.delete(folder);
      Files.createDirectories(folder);
      Map<String, String> properties = ServerProperties.of(id(), nodes, settings, data());
      String text =
          properties.entrySet().stream()
              .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
              .collect(Collectors.joining());
      Files.writeString(folder.resolve("server.properties"), text);
      Files.writeString(folder.resolve("logback.xml"), LOGBACK);
    } catch (IOException e) {
      throw new EnvironmentFailure(
          "Broker " + id() + " has no usable folder " + folder + ": " + Folders.reason(e), e);
    }
  }

  void start(String clusterId) {
    lock.lock();
    try {
      if (isAlive()) {
        throw new IllegalStateException("Broker " + id() + " runs already");
      }
      child = processes.start(launch(clusterId));
      downByUs = false;
    } finally {
      lock.unlock();
    }
  }

  private Launch launch(String clusterId) {
    List<String> command = new ArrayList<>();
    command.add(settings.java().toString());
    command.addAll(JVM_OPTIONS);
    command.add("-Dlogback.configurationFile=" + folder.resolve("logback.xml").toUri());
    command.addAll(List.of("-cp", settings.classPath(), BrokerMain.class.getName()));
    command.addAll(List.of(folder.resolve("server.properties").toString(), clusterId));
    Preload preload = settings.preload();
    String name = BrokerControl.name(id());
    Map<String, String> environment =
        preload == null ? Map.of() : preload.environment(name, folder);
    return new Launch(name, command, environment, log());
  }

  long kill() {
    lock.lock();
    try {
      Child running = running();
      downByUs = true;
      running.kill();
      return running.pid();
    } finally {
      lock.unlock();
    }
  }

  OptionalInt terminate(Duration timeout) throws InterruptedException {
    Child running;
    lock.lock();
    try {
      running = running();
      downByUs = true;
    } finally {
      lock.unlock();
    }
    return running.terminate(timeout);
  }

  /// SIGSTOP; whether it was seen to stand still in time.
  boolean pause(Duration timeout) throws InterruptedException {
    Child paused = running();
    paused.stop();
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!paused.isStopped() && System.nanoTime() < deadline) {
      Thread.sleep(PAUSE_POLL);
    }
    return paused.isStopped();
  }

  /// SIGCONT, where it runs.
  void resume() {
    if (isAlive()) {
      running().cont();
    }
  }

  private Child running() {
    lock.lock();
    try {
      Child running = child;
      if (running == null || !running.isAlive()) {
        throw new IllegalStateException("Broker " + id() + " is down already");
      }
      return running;
    } finally {
      lock.unlock();
    }
  }

  /// Takes it down if it runs.
  void close() {
    lock.lock();
    try {
      downByUs = true;
      if (child != null) {
        child.kill();
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isAlive() {
    lock.lock();
    try {
      return child != null && child.isAlive();
    } finally {
      lock.unlock();
    }
  }

  /// Whether it ended although nobody here ended it.
  boolean died() {
    lock.lock();
    try {
      return !downByUs && child != null && !child.isAlive();
    } finally {
      lock.unlock();
    }
  }

  /// Why it died, as a sentence.
  StartFailure failure() {
    lock.lock();
    try {
      int status = child == null ? 0 : child.exitStatus().orElse(0);
      return StartFailure.of(id(), status, folder, Folders.tail(log(), StartFailure.TAIL_LINES));
    } finally {
      lock.unlock();
    }
  }
}
