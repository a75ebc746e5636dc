package dev.gretchen.chaos.broker;

import dev.gretchen.chaos.EnvironmentFailure;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;

/// A cluster that somebody else runs. It is used and never stopped.
public final class ExternalCluster implements Cluster {
  /// How long its first answer may take.
  public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

  private final String bootstrap;
  private final Map<String, String> clientProperties;

  private ExternalCluster(String bootstrap, Map<String, String> clientProperties) {
    this.bootstrap = bootstrap;
    this.clientProperties = clientProperties;
  }

  /// Connects once, to fail early.
  ///
  /// @param clientProperties more settings for Kafka clients, such as credentials
  /// @throws EnvironmentFailure where no broker answers
  public static ExternalCluster connect(String bootstrap, Map<String, String> clientProperties)
      throws InterruptedException {
    Map<String, String> all = new TreeMap<>(clientProperties);
    all.put("bootstrap.servers", bootstrap);
    try (ClusterProbe probe = new ClusterProbe(all)) {
      if (!probe.nodes(CONNECT_TIMEOUT).isEmpty()) {
        return new ExternalCluster(bootstrap, Map.copyOf(all));
      }
    } catch (KafkaException e) {
      throw new EnvironmentFailure("No Kafka client for " + bootstrap + ": " + rootMessage(e), e);
    }
    throw new EnvironmentFailure(
        "No Kafka broker answers at %s within %d s; check the address and the client settings."
            .formatted(bootstrap, CONNECT_TIMEOUT.toSeconds()));
  }

  private static String rootMessage(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? String.valueOf(failure.getMessage()) : rootMessage(cause);
  }

  @Override
  public String bootstrap() {
    return bootstrap;
  }

  @Override
  public Map<String, String> clientProperties() {
    return clientProperties;
  }

  @Override
  public BrokerFaults brokerFaults() {
    return new BrokerFaults.Unsupported(
        "the cluster is external, its brokers are not ours to kill");
  }

  /// Nothing to stop.
  @Override
  public void close() {}
}
