package dev.gretchen.verifier.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.truth.StoreSnapshot;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandbyCheckTest {

  private final MemoryLog changelog = new MemoryLog("app-t-changelog", 1);

  StandbyCheckTest() {
    append("a", "1");
    append("b", "2");
    changelog.control(0);
    append("a", "3");
    append("b", null);
  }

  @Test
  void aPrefixPassesWhereverItEnds() {
    assertThat(check(0, sum()).status()).isEqualTo(Status.PASS);
    assertThat(check(1, sum("a", "1")).status()).isEqualTo(Status.PASS);
    assertThat(check(2, sum("a", "1", "b", "2")).status()).isEqualTo(Status.PASS);
    assertThat(check(3, sum("a", "1", "b", "2")).status()).isEqualTo(Status.PASS);
    assertThat(check(4, sum("a", "3", "b", "2")).status()).isEqualTo(Status.PASS);
    assertThat(check(5, sum("a", "3")).status()).isEqualTo(Status.PASS);
  }

  @Test
  void whatIsNotTheFoldUpToItsPositionIsFound() {
    Property behind = check(4, sum("a", "1", "b", "2"));
    assertThat(behind.anomalies()).extracting(Anomaly::kind).containsExactly("not-a-prefix");
    assertThat(behind.anomalies().getFirst().sentence())
        .contains("Partition 0 of t", "w2 stands by at position 4");
    assertThat(check(2, sum("a", "3", "b", "2")).status()).isEqualTo(Status.FAIL);
    assertThat(check(5, sum("a", "3", "b", "2")).status()).as("a deletion").isEqualTo(Status.FAIL);
  }

  @Test
  void appliesToStandbysOfTheTableAlone() {
    StoreSnapshot active = snapshot("active", 5, sum());
    assertThat(StandbyCheck.appliesTo("t", List.of(active))).isFalse();
    assertThat(StandbyCheck.appliesTo("t", List.of(active, snapshot("standby", 5, sum()))))
        .isTrue();
    assertThat(StandbyCheck.appliesTo("u", List.of(snapshot("standby", 5, sum())))).isFalse();
  }

  private Property check(long position, long[] sum) {
    return StandbyCheck.check("t", changelog, List.of(snapshot("standby", position, sum)));
  }

  private static StoreSnapshot snapshot(String role, long position, long[] sum) {
    return new StoreSnapshot(
        "t", 0, "w2", role, "running", sum[0], sum[1], position, Collections::emptyIterator);
  }

  /// Number and checksum of keys and values, in turns.
  private static long[] sum(String... entries) {
    long checksum = 0;
    for (int i = 0; i < entries.length; i += 2) {
      checksum += Mix.recordChecksum(key(entries[i]), entries[i + 1].getBytes(UTF_8));
    }
    return new long[] {entries.length / 2, checksum};
  }

  @SuppressWarnings("NullAway") // a null value deletes
  private void append(String key, @org.jspecify.annotations.Nullable String value) {
    changelog.append(0, 0, 0, key(key), value == null ? null : value.getBytes(UTF_8), null, null);
  }

  private static byte[] key(String key) {
    byte[] text = key.getBytes(UTF_8);
    byte[] tagged = new byte[1 + text.length];
    tagged[0] = 1;
    System.arraycopy(text, 0, tagged, 1, text.length);
    return tagged;
  }
}
