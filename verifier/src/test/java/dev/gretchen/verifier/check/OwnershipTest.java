package dev.gretchen.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.verdict.Timeline.Tenure;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class OwnershipTest {

  private static final InputTask TASK = new InputTask("colors", 3);

  private static final List<AuditEvent> TAKEOVER =
      List.of(
          told(100, "w1", "assigned"),
          told(110, "w1", "recovering"),
          told(130, "w1", "running"),
          told(500, "w2", "assigned"),
          told(510, "w2", "recovering"),
          told(560, "w2", "running"));

  @Test
  void toldPieceByPieceItSaysWhatItSaysOfAWholeHistory() {
    Ownership ownership = new Ownership();
    TAKEOVER.subList(0, 3).forEach(ownership::apply);
    ownership.ended("w1", 400);
    TAKEOVER.subList(3, 6).forEach(ownership::apply);
    Moment kill = new Moment("kill-owner", "w1", 400, 0, true);
    assertThat(ownership.until(900))
        .isEqualTo(Ownership.tenures(TAKEOVER, List.of(kill), 900))
        .extracting(Tenure::worker, Tenure::fromMillis, Tenure::toMillis, Tenure::recovering)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("w1", 100L, 130L, true),
            org.assertj.core.groups.Tuple.tuple("w1", 130L, 400L, false),
            org.assertj.core.groups.Tuple.tuple("w2", 500L, 560L, true),
            org.assertj.core.groups.Tuple.tuple("w2", 560L, 900L, false));
  }

  @Test
  void saysWhoHoldsATaskNow() {
    Ownership ownership = new Ownership();
    TAKEOVER.subList(0, 2).forEach(ownership::apply);
    assertThat(Objects.requireNonNull(ownership.held(TASK)).recovering()).isTrue();
    assertThat(ownership.heldBy("w1")).containsExactly(TASK);
    ownership.ended("w1", 120);
    assertThat(ownership.held(TASK)).isNull();
    assertThat(ownership.heldBy("w1")).isEmpty();
  }

  @Test
  void forgetsWhatIsOverAndNotWhatGoesOn() {
    Ownership ownership = new Ownership();
    TAKEOVER.forEach(ownership::apply);
    ownership.forget(550);
    assertThat(ownership.until(900)).extracting(Tenure::worker).containsExactly("w2", "w2");
  }

  private static AuditEvent told(long at, String worker, String event) {
    return new AuditEvent(at, worker, "i-" + worker, event, "colors", 3, 7, "", -1);
  }
}
