package dev.gretchen.chaos.broker;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/// Asks a cluster about itself, with one admin client that is made when first needed.
final class ClusterProbe implements AutoCloseable {
  private static final int CONNECT_TIMEOUT_MILLIS = 200;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);
  private static final String FEATURE = "transaction.version";

  private final Map<String, Object> properties;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Admin admin; // guarded by lock
  private boolean closed; // guarded by lock

  ClusterProbe(Map<String, String> clientProperties) {
    properties = new HashMap<>(clientProperties);
    properties.put("client.id", "gretchen-cluster-probe");
    properties.put("default.api.timeout.ms", "10000");
    properties.put("request.timeout.ms", "3000");
    properties.put("reconnect.backoff.max.ms", "500");
  }

  /// Whether something listens on that port of 127.0.0.1.
  static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MILLIS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// The ids in the cluster's list of nodes, empty where no answer came in time.
  Set<Integer> nodes(Duration timeout) throws InterruptedException {
    try {
      Set<Integer> ids = new TreeSet<>();
      for (Node node : await(admin().describeCluster().nodes(), timeout)) {
        ids.add(node.id());
      }
      return ids;
    } catch (ExecutionException | TimeoutException _) {
      return Set.of();
    }
  }

  /// @throws EnvironmentFailure where the cluster has another level of the feature, or no answer
  ///   came
  void requireTransactionVersion(short expected, Duration timeout) throws InterruptedException {
    try {
      FeatureMetadata features = await(admin().describeFeatures().featureMetadata(), timeout);
      var range = features.finalizedFeatures().get(FEATURE);
      int found = range == null ? 0 : range.maxVersionLevel();
      if (found != expected) {
        throw new EnvironmentFailure(
            "The cluster has %s %d, expected %d: upgrade the feature or use another cluster."
                .formatted(FEATURE, found, expected));
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new EnvironmentFailure("The cluster does not tell its " + FEATURE, e);
    }
  }

  private static <T> T await(KafkaFuture<T> future, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Admin admin() {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("The cluster is closed");
      }
      Admin existing = admin;
      if (existing == null) {
        existing = Admin.create(properties);
        admin = existing;
      }
      return existing;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (admin != null) {
        admin.close(CLOSE_TIMEOUT);
        admin = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
