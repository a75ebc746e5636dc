package dev.gretchen.chaos.broker;

import dev.gretchen.chaos.EnvironmentFailure;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/// One broker in a container. Testcontainers' own reaper removes it should this JVM be killed.
public final class DockerCluster implements Cluster {
  /// The image, of the same version as the embedded brokers.
  public static final String IMAGE = "apache/kafka:4.3.1";

  /// The settings of the embedded brokers that matter to a run, as the image takes them.
  private static final Map<String, String> SETTINGS =
      Map.of(
          "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
          "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0",
          "KAFKA_LOG_RETENTION_MS", "-1",
          "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "8",
          "KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "8",
          "KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000");

  private final KafkaContainer container;

  private DockerCluster(KafkaContainer container) {
    this.container = container;
  }

  /// @throws EnvironmentFailure where Docker cannot be reached or the container does not start
  @SuppressWarnings("resource") // handed over to the result, or stopped
  public static DockerCluster start() throws InterruptedException {
    if (!isDockerAvailable()) {
      throw new EnvironmentFailure(
          "Docker cannot be reached: start it, or use the embedded brokers instead.");
    }
    KafkaContainer container = new KafkaContainer(IMAGE);
    SETTINGS.forEach(container::withEnv);
    try {
      container.start();
    } catch (RuntimeException e) {
      container.stop();
      throw new EnvironmentFailure("The container of " + IMAGE + " does not start: " + e, e);
    }
    DockerCluster cluster = new DockerCluster(container);
    try (ClusterProbe probe = new ClusterProbe(cluster.clientProperties())) {
      probe.requireTransactionVersion(Brokers.TRANSACTION_VERSION, Brokers.START_TIMEOUT);
      return cluster;
    } catch (InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /// Whether a Docker daemon answers.
  public static boolean isDockerAvailable() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  @Override
  public String bootstrap() {
    return container.getBootstrapServers();
  }

  @Override
  public Map<String, String> clientProperties() {
    return Map.of("bootstrap.servers", bootstrap());
  }

  @Override
  public BrokerFaults brokerFaults() {
    return new BrokerFaults.Unsupported("the cluster is one container, and nobody would take over");
  }

  @Override
  public void close() {
    container.stop();
  }
}
