package dev.gretchen.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.verifier.contract.AppliedOffsets;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OffsetsCheckTest {

  /// The example of the contract: 900, then 0, 0 and 198.
  private static final String EXAMPLE = "v2,7,hAcAAMYB";

  private final List<OffsetSample> samples = new ArrayList<>();

  @Test
  void readsTheExampleOfTheContract() {
    AppliedOffsets applied = AppliedOffsets.of(100, EXAMPLE);

    assertThat(applied.epoch()).isEqualTo(7);
    assertThat(LongStream.range(0, 1_100).filter(event -> !applied.contains(event)))
        .startsWith(100L, 101L, 300L, 1_000L)
        .hasSize(103);
    assertThat(AppliedOffsets.of(5, "v1,12").epoch()).isEqualTo(12);
    assertThat(AppliedOffsets.of(5, "something else").epoch()).isEqualTo(AppliedOffsets.NO_EPOCH);
  }

  @Test
  void refusesWhatIsNotAsTheContractSays() {
    for (String metadata :
        List.of("v1,", "v1,x", "v1,1,AA", "v2,1", "v2,1,", "v2,1,gA", "v2,1,AQIC", "v2,1,?")) {
      assertThatThrownBy(() -> AppliedOffsets.of(5, metadata))
          .as(metadata)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatIsAppliedMayGrowInAnyOrder() {
    sample(100, EXAMPLE);
    // 100 is done: 101 and 300 are left
    sample(101, "v2,8,gwcAxgE");
    // so is 300
    sample(101, "v2,9,hAcA");
    sample(1_002, "v1,10");

    assertThat(kinds()).isEmpty();
  }

  @Test
  void whatWasAppliedIsNotTakenBack() {
    sample(100, EXAMPLE);
    sample(100, "v1,8");

    assertThat(kinds()).containsExactly("taken-back");
  }

  @Test
  void norIsOneEventOfIt() {
    sample(100, EXAMPLE);
    // 102 is missing as well
    sample(100, "v2,8,hAcAAADFAQ");

    assertThat(kinds()).containsExactly("taken-back");
  }

  @Test
  void norAtARisingOffset() {
    sample(100, EXAMPLE);
    sample(102, "v1,8");

    assertThat(kinds()).containsExactly("taken-back");
  }

  @Test
  void saysWhereMetadataCannotBeRead() {
    sample(100, "v2,7,gA");

    assertThat(kinds()).containsExactly("unreadable");
  }

  private void sample(long committed, String metadata) {
    samples.add(new OffsetSample(samples.size(), "t", 0, committed, 1_002, 1_002, false, metadata));
  }

  private List<String> kinds() {
    OffsetSample last = new OffsetSample(samples.size(), "t", 0, 1_002, 1_002, 1_002, true);
    samples.add(last);
    return OffsetsCheck.check(new Empty(), samples.iterator()).anomalies().stream()
        .map(Anomaly::kind)
        .toList();
  }

  private static final class Empty implements PartitionedLog {
    @Override
    public String topic() {
      return "t";
    }

    @Override
    public int partitions() {
      return 1;
    }

    @Override
    public Iterator<LogRecord> records(int partition) {
      return Collections.emptyIterator();
    }
  }
}
