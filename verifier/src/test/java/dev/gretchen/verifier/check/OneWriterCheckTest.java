package dev.gretchen.verifier.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OneWriterCheckTest {

  private final MemoryLog output = new MemoryLog("out", 2);
  private final MemoryLog changelog = new MemoryLog("app-t-changelog", 2);

  OneWriterCheckTest() {
    write(output, 0, 0, 10, 12, "w1", 5);
    write(changelog, 1, 0, 10, 12, "w1", 5);
    write(output, 1, 0, 13, 13, "w2", 6);
  }

  @Test
  void offsetsPassFromGenerationToGeneration() {
    write(output, 0, 1, 3, 3, "w1", 5);
    assertThat(check().status()).isEqualTo(Status.PASS);
    assertThat(check().compared()).isEqualTo(4);
  }

  @Test
  void aZombiesRecordIsFoundThoughItsSuccessorNeverWroteThere() {
    write(changelog, 0, 0, 11, 13, "w1", 5);
    Property found = check();
    assertThat(found.anomalies()).extracting(Anomaly::kind).containsExactly("zombie-effect");
    assertThat(found.detail())
        .contains("app-t-changelog-0@0 by w1 (generation 5")
        .contains("in-0 up to offset 13", "w2 (generation 6", "from offset 13 on");
  }

  @Test
  void aWorkerThatKeepsItsGenerationMayDoItAgain() {
    write(output, 0, 0, 13, 15, "w2", 6);
    assertThat(check().status()).isEqualTo(Status.PASS);
  }

  @Test
  void withoutLineageThereIsNothingToJudge() {
    MemoryLog plain = new MemoryLog("out", 1);
    plain.append(0, 1, 1, "k".getBytes(UTF_8), "v".getBytes(UTF_8), null, null);
    assertThat(OneWriterCheck.check(witness(), "in", List.of(plain)).status())
        .isEqualTo(Status.SKIPPED);
  }

  private Property check() {
    return OneWriterCheck.check(witness(), "in", List.of(output, changelog));
  }

  private static Witness witness() {
    LoadPlan plan = new LoadPlan(LoadShape.uniform(1, 10, Duration.ofSeconds(1), 1, "primary"));
    return new Witness(plan, new MemoryLog("in", 1), List.of());
  }

  private static void write(
      MemoryLog log,
      int partition,
      int source,
      long first,
      long last,
      String who,
      long generation) {
    byte[] lineage = new Lineage("in", source, first, last, who, generation, 1).encode();
    log.append(partition, 1, 1, "k".getBytes(UTF_8), "v".getBytes(UTF_8), null, lineage);
  }
}
