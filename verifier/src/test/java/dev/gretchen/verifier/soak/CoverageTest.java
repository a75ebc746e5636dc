package dev.gretchen.verifier.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Omission;
import dev.gretchen.chaos.fault.Selection;
import dev.gretchen.verifier.soak.Coverage.Row;
import dev.gretchen.verifier.soak.Entry.Ended;
import dev.gretchen.verifier.soak.Entry.Ended.Tried;
import dev.gretchen.verifier.soak.Entry.Started;
import dev.gretchen.verifier.soak.PlannedRun.Role;
import dev.gretchen.verifier.verdict.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CoverageTest {

  private static final Campaign SMALL =
      Campaign.parse(
          "small.yaml",
          """
          schema: gretchen.campaign/1
          name: small
          round: 1000
          apps:
            some-app:
              rate: [1000]
              catalogue: {faults: [kill-owner, short-pause, D6, N16, lose-addoffsetstotxn-response], most: 2}
          """);

  private static final Campaign SHIPPED =
      Campaign.parse("catalogue.yaml", Campaign.shipped("catalogue"));

  private final List<Entry> entries = new ArrayList<>();

  @Test
  void aKindIsOpenUntilItsEffectWasProven() {
    assertThat(open())
        .containsExactly(FaultKind.KILL_OWNER, FaultKind.SHORT_PAUSE, FaultKind.FULL_DISK);
    ended(2, Outcome.PASS, proven("kill-owner"));
    assertThat(open()).containsExactly(FaultKind.SHORT_PAUSE, FaultKind.FULL_DISK);
    // another fault of that run was without effect
    ended(3, Outcome.VACUOUS, proven("short-pause"), idle("full-disk"));
    assertThat(open()).containsExactly(FaultKind.FULL_DISK);
    ended(4, Outcome.FAIL, proven("full-disk"));
    assertThat(open()).isEmpty();
    assertThat(result().outcome()).isEqualTo(Outcome.FAIL);
    assertThat(result().unproven()).isEmpty();
  }

  @Test
  void aKindThatCannotBeDoneIsClosedWithItsReason() {
    ended(2, Outcome.PASS, proven("kill-owner"), proven("short-pause"), skipped("full-disk"));
    assertThat(open()).isEmpty();
    assertThat(result().outcome()).isEqualTo(Outcome.PASS);
    assertThat(row("full-disk").skipped()).isEqualTo("nobody may mount");
    assertThat(CatalogueText.lines(rows()))
        .contains(
            "P1   kill-owner                     proven 1 of 1  PASS  some-app/run-2\n",
            "D6   full-disk                      SKIPPED: nobody may mount\n",
            "N16  mangled-packets                SKIPPED: " + Omission.MANGLED_PACKETS.reason(),
            "lose-addoffsetstotxn-response  SKIPPED: under transaction version 2",
            "5 kinds of faults: 2 with a proven effect, 3 SKIPPED, 0 left.\n");
    assertThat(CatalogueText.page(rows()))
        .contains(
            "| P1 | `kill-owner` | proven 1 of 1 | PASS | some-app/run-2 |\n",
            "| D6 | `full-disk` | SKIPPED: nobody may mount |  |  |\n");
  }

  /// Whatever was injected: nobody knows what the app made of it.
  @Test
  void aRunOfWhichTheHarnessCannotSpeakProvesNothing() {
    ended(2, Outcome.HARNESS_ERROR, proven("kill-owner"));
    ended(3, Outcome.UNKNOWN, proven("kill-owner"));
    assertThat(open()).contains(FaultKind.KILL_OWNER).endsWith(FaultKind.KILL_OWNER);
    assertThat(row("kill-owner").isProven()).isFalse();
    assertThat(row("kill-owner").run()).map(Ended::run).contains(3);
  }

  @Test
  void aKindThatIsNeverProvenIsGivenUpAndTheCampaignIsVacuousAtTheBest() {
    for (int run = 2; run < 2 + Coverage.TRIES_MAX; run++) {
      assertThat(open()).contains(FaultKind.SHORT_PAUSE);
      ended(run, Outcome.VACUOUS, idle("short-pause"));
    }
    assertThat(open()).doesNotContain(FaultKind.SHORT_PAUSE);
    ended(6, Outcome.PASS, proven("kill-owner"), proven("full-disk"));
    assertThat(result().unproven()).containsExactly("short-pause");
    assertThat(result().outcome()).isEqualTo(Outcome.VACUOUS);
    assertThat(CatalogueText.lines(rows()))
        .contains("short-pause                    proven 0 of 3  VACUOUS  some-app/run-4\n");
  }

  @Test
  void whatWasNotDecidedAtFirstIsForgottenOnceItWas() {
    ended(2, Outcome.HARNESS_ERROR, idle("kill-owner"), idle("short-pause"));
    assertThat(result().outcome()).isEqualTo(Outcome.HARNESS_ERROR);
    ended(3, Outcome.PASS, proven("kill-owner"), proven("short-pause"));
    assertThat(result().outcome()).isEqualTo(Outcome.HARNESS_ERROR);
    ended(4, Outcome.PASS, proven("full-disk"));
    assertThat(result().outcome()).isEqualTo(Outcome.PASS);
    assertThat(row("kill-owner").run()).map(Ended::run).contains(3);
  }

  @Test
  void theRunThatFailedIsNamedThoughAnotherPassed() {
    ended(2, Outcome.FAIL, proven("kill-owner"));
    ended(3, Outcome.PASS, proven("kill-owner"));
    assertThat(row("kill-owner").run()).map(Ended::outcome).contains(Outcome.FAIL);
    assertThat(row("kill-owner").proven()).isEqualTo(2);
  }

  /// However the seed falls and whatever becomes of the runs: each kind is tried until it is
  /// closed, none is forgotten, and the campaign ends.
  @Property(tries = 60)
  void theShippedCampaignGoesThroughTheWholeRegistry(@ForAll long seed, @ForAll long luck) {
    SplittableRandom chance = new SplittableRandom(luck);
    SoakPlan plan = new SoakPlan(SHIPPED, seed);
    Map<FaultKind, Integer> tries = new EnumMap<>(FaultKind.class);
    entries.clear();
    int runs = 0;
    while (Agenda.of(plan, entries).next()
        instanceof Agenda.Next.Try(PlannedRun run, int _, boolean _)) {
      assertThat(++runs).isLessThan(200);
      // after a crash it is the same one
      entries.add(new Started(run.number(), 1, 0));
      assertThat(Agenda.of(plan, entries).next()).isEqualTo(new Agenda.Next.Try(run, 1, true));
      List<Tried> tried = new ArrayList<>();
      if (run.role() == Role.CATALOGUE) {
        Set<FaultKind> kinds = Selection.parse(run.faults()).kinds();
        assertThat(kinds).hasSizeBetween(1, run.app().equals("word-colors") ? 6 : 11);
        for (FaultKind kind : kinds) {
          tries.merge(kind, 1, Integer::sum);
          tried.add(chance.nextInt(10) > 1 ? proven(kind.word()) : idle(kind.word()));
        }
      }
      boolean vacuous = tried.stream().anyMatch(each -> each.proven() == 0);
      entries.add(
          new Ended(
              run.number(),
              1,
              run.role() == Role.CANARY ? Outcome.FAIL : vacuous ? Outcome.VACUOUS : Outcome.PASS,
              run.role() == Role.CANARY || !vacuous,
              "",
              "it ended",
              0,
              tried));
    }
    Set<FaultKind> possible = new HashSet<>(Set.of(FaultKind.values()));
    possible.remove(FaultKind.LOSE_ADDOFFSETSTOTXN_RESPONSE);
    assertThat(tries.keySet()).isEqualTo(possible);
    assertThat(tries.values()).allMatch(times -> times <= Coverage.TRIES_MAX);
    SoakResult result = SoakResult.of(plan, entries);
    assertThat(result.catalogue()).hasSize(FaultKind.values().length + Omission.values().length);
    assertThat(result.outcome())
        .isEqualTo(result.unproven().isEmpty() ? Outcome.PASS : Outcome.VACUOUS);
    assertThat(Agenda.of(plan, entries).share()).isEqualTo(1);
  }

  private void ended(int run, Outcome outcome, Tried... tried) {
    entries.add(
        new Ended(
            run,
            1,
            outcome,
            outcome == Outcome.PASS,
            "some-app/run-" + run,
            "it ended",
            0,
            List.of(tried)));
  }

  private static Tried proven(String kind) {
    return new Tried(kind, 1, 1, null);
  }

  private static Tried idle(String kind) {
    return new Tried(kind, 1, 0, null);
  }

  private static Tried skipped(String kind) {
    return new Tried(kind, 0, 0, "nobody may mount");
  }

  private List<FaultKind> open() {
    return Coverage.of(SMALL, entries).open(SMALL.apps().getFirst());
  }

  private List<Row> rows() {
    return result().catalogue();
  }

  private Row row(String kind) {
    return rows().stream().filter(row -> row.kind().equals(kind)).findFirst().orElseThrow();
  }

  private SoakResult result() {
    return SoakResult.of(new SoakPlan(SMALL, 1), entries);
  }
}
