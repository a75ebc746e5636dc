package dev.gretchen.chaos.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.HashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

@DockerClusterIT.NeedsDocker
final class DockerClusterIT {

  @Test
  void oneContainerIsACluster() throws Exception {
    try (Cluster cluster = DockerCluster.start();
        Admin admin = Admin.create(new HashMap<String, Object>(cluster.clientProperties()))) {
      assertThat(admin.describeCluster().nodes().get(30, TimeUnit.SECONDS)).hasSize(1);
      assertThat(cluster.brokerFaults()).isInstanceOf(BrokerFaults.Unsupported.class);
    }
  }

  /// Skips a class where no Docker daemon answers.
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @ExtendWith(DockerCondition.class)
  @interface NeedsDocker {}

  static final class DockerCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return DockerCluster.isDockerAvailable()
          ? ConditionEvaluationResult.enabled("Docker answers")
          : ConditionEvaluationResult.disabled("No Docker daemon answers");
    }
  }
}
