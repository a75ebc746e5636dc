package dev.gretchen.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class KafkaRolesTest {
  private static final List<String> WORKERS = List.of("w1", "w2", "w12");

  @Test
  void aMemberBelongsToTheWorkerThatItsClientIdNames() {
    assertThat(KafkaRoles.workerOf("w1", WORKERS)).contains("w1");
    assertThat(KafkaRoles.workerOf("w12-consumer-3", WORKERS)).contains("w12");
    assertThat(KafkaRoles.workerOf("w1-colors", WORKERS)).contains("w1");
  }

  @Test
  void aStrangersMemberBelongsToNobody() {
    assertThat(KafkaRoles.workerOf("w3-consumer", WORKERS)).isEmpty();
    assertThat(KafkaRoles.workerOf("w1x", WORKERS)).isEmpty();
  }
}
