package dev.gretchen.verifier.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.soak.Entry.Begun;
import dev.gretchen.verifier.soak.Entry.Ended;
import dev.gretchen.verifier.soak.Entry.Started;
import dev.gretchen.verifier.verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AgendaTest {

  private static final SoakPlan PLAN = plan("runs: 5");

  private final List<Entry> entries = new ArrayList<>();
  private long now;

  @Test
  void beginsWithTheFirstRunAndEndsWithTheLast() {
    for (int number = 1; number <= 5; number++) {
      assertTries(PLAN, number, 1, false);
      made(number, 1, Outcome.PASS);
    }
    assertThat(Agenda.of(PLAN, entries).next())
        .isEqualTo(new Agenda.Next.Over("all 5 runs of the campaign are done"));
    assertThat(Agenda.of(PLAN, entries).share()).isEqualTo(1);
  }

  @Test
  void goesOnWithWhatWasUnderWay() {
    made(1, 1, Outcome.PASS);
    entries.add(new Started(2, 1, now));

    assertTries(PLAN, 2, 1, true);
    // and once more, after another interruption
    entries.add(new Started(2, 1, now));
    assertTries(PLAN, 2, 1, true);
    made(2, 1, Outcome.PASS);
    assertTries(PLAN, 3, 1, false);
  }

  @Test
  void triesOnceMoreWhatDecidedNothing() {
    made(1, 1, Outcome.UNKNOWN);
    assertTries(PLAN, 1, 2, false);
    made(1, 2, Outcome.VACUOUS);
    assertTries(PLAN, 2, 1, false);
    made(2, 1, Outcome.FAIL);
    assertTries(PLAN, 3, 1, false);
  }

  @Test
  void givesUpWhereNothingIsSaid() {
    made(1, 1, Outcome.HARNESS_ERROR);
    made(1, 2, Outcome.HARNESS_ERROR);
    assertTries(PLAN, 2, 1, false);
    made(2, 1, Outcome.HARNESS_ERROR);

    assertThat(Agenda.of(PLAN, entries).next())
        .isEqualTo(
            new Agenda.Next.Over(
                "3 runs in a row said nothing, the last because: it ended as HARNESS_ERROR"));

    // somebody has seen to it
    entries.add(new Entry.Resumed(now));
    assertTries(PLAN, 2, 2, false);
  }

  /// Time in which the machine was off is not time in which it ran.
  @Test
  void countsTheTimeOfItsRunsOnly() {
    SoakPlan plan = plan("disk-gb: 1");
    entries.add(new Begun(Begun.SCHEMA, 1, 100, 0));
    made(1, 1, Outcome.PASS);
    now += 1_000_000;
    made(2, 1, Outcome.PASS);
    entries.add(new Started(3, 1, now));
    now += 1_000_000;
    entries.add(new Started(3, 1, now));
    now += 79;
    entries.add(ended(3, 1, Outcome.PASS));
    // killed between its verdict and the journal
    entries.add(new Started(4, 1, now));
    now += 1_000_000;
    entries.add(new Entry.Resumed(now));
    entries.add(ended(4, 1, Outcome.PASS));

    assertTries(plan, 5, 1, false);
    assertThat(Agenda.of(plan, entries).share()).isEqualTo(0.99);
    made(5, 1, Outcome.PASS);
    assertThat(Agenda.of(plan, entries).next()).isEqualTo(new Agenda.Next.Over("its time is over"));
  }

  @Test
  void hasACanaryAndAControlHoweverShortItIs() {
    SoakPlan plan = plan("canaries: [a.yaml]");
    entries.add(new Begun(Begun.SCHEMA, 1, 1, 0));
    made(1, 1, Outcome.FAIL);
    assertTries(plan, 2, 1, false);
    made(2, 1, Outcome.PASS);
    assertThat(Agenda.of(plan, entries).next()).isInstanceOf(Agenda.Next.Over.class);
  }

  /// What it has proven is proven; the rest comes again, in other company.
  @Test
  void aRunOfACatalogueThatDecidedNothingIsNotMadeAgain() {
    SoakPlan plan =
        new SoakPlan(
            Campaign.parse(
                "my.yaml",
                """
                schema: gretchen.campaign/1
                name: mine
                apps:
                  a: {rate: 100, catalogue: {faults: [kill-owner, short-pause, P2], most: 4}}
                """),
            1);
    made(1, 1, Outcome.PASS);
    entries.add(new Started(2, 1, now));
    PlannedRun second = plan.run(2);
    assertThat(second.faults()).isEqualTo("kill-owner,graceful-stop,rolling-restart,short-pause");
    entries.add(
        new Ended(
            2,
            1,
            Outcome.VACUOUS,
            false,
            "",
            "one was without effect",
            now,
            List.of(
                new Ended.Tried("kill-owner", 1, 1, null),
                new Ended.Tried("graceful-stop", 1, 0, null),
                new Ended.Tried("rolling-restart", 1, 1, null),
                new Ended.Tried("short-pause", 0, 0, "nobody may pause"))));

    assertThat(Agenda.of(plan, entries).share()).isEqualTo(0.75);
    assertThat(Agenda.of(plan, entries).next())
        .isInstanceOfSatisfying(
            Agenda.Next.Try.class,
            next -> {
              assertThat(next.run().number()).isEqualTo(3);
              assertThat(next.attempt()).isEqualTo(1);
              assertThat(next.run().faults()).isEqualTo("graceful-stop");
              assertThat(next.run().length()).isLessThan(second.length());
            });
    entries.add(
        new Ended(
            3,
            1,
            Outcome.PASS,
            true,
            "",
            "",
            now,
            List.of(new Ended.Tried("graceful-stop", 1, 1, null))));
    assertThat(Agenda.of(plan, entries).next())
        .isEqualTo(new Agenda.Next.Over("each kind of the catalogue was tried"));
  }

  /// However often it is interrupted and whatever becomes of its runs, a soak makes each run of its
  /// plan, in order, at most twice to an end, and comes to an end itself.
  @Property
  void comesToItsEndHoweverOftenItIsInterrupted(
      @ForAll @Size(60) List<@IntRange(max = 9) Integer> chances) {
    entries.clear();
    now = 0;
    int last = 0;
    int step = 0;
    while (step < chances.size()
        && Agenda.of(PLAN, entries).next()
            instanceof Agenda.Next.Try(PlannedRun run, int attempt, boolean begun)) {
      assertThat(run.number()).isBetween(Math.max(1, last), last + 1);
      assertThat(attempt).isBetween(1, 2);
      assertThat(begun).isEqualTo(!entries.isEmpty() && entries.getLast() instanceof Started);
      last = run.number();
      entries.add(new Started(run.number(), attempt, now));
      int chance = chances.get(step++);
      if (chance > 3) {
        Outcome outcome =
            switch (chance) {
              case 4, 5 -> Outcome.PASS;
              case 6 -> Outcome.VACUOUS;
              case 7 -> Outcome.UNKNOWN;
              case 8 -> Outcome.HARNESS_ERROR;
              default -> Outcome.FAIL;
            };
        entries.add(ended(run.number(), attempt, outcome));
      }
    }
    long ends = entries.stream().filter(Ended.class::isInstance).count();
    assertThat(ends).isLessThanOrEqualTo(10);
  }

  private void assertTries(SoakPlan plan, int number, int attempt, boolean begun) {
    assertThat(Agenda.of(plan, entries).next())
        .isEqualTo(new Agenda.Next.Try(plan.run(number), attempt, begun));
  }

  private void made(int number, int attempt, Outcome outcome) {
    entries.add(new Started(number, attempt, now));
    now += 10;
    entries.add(ended(number, attempt, outcome));
  }

  private Ended ended(int number, int attempt, Outcome outcome) {
    return new Ended(
        number, attempt, outcome, outcome == Outcome.PASS, "", "it ended as " + outcome, now);
  }

  private static SoakPlan plan(String line) {
    return new SoakPlan(
        Campaign.parse(
            "my.yaml",
            """
            schema: gretchen.campaign/1
            name: mine
            round: 3
            apps:
              a: {for: 5s, templates: [kill]}
            """
                + line),
        1);
  }
}
