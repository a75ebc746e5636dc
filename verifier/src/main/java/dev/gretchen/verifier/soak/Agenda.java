package dev.gretchen.verifier.soak;

import dev.gretchen.verifier.soak.Entry.Begun;
import dev.gretchen.verifier.soak.Entry.Ended;
import dev.gretchen.verifier.soak.Entry.Resumed;
import dev.gretchen.verifier.soak.Entry.Started;
import dev.gretchen.verifier.verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a soak does next: a pure function of its plan and its journal.
final class Agenda {

  /// Where so many runs in a row say nothing, something is wrong with the machine.
  static final int BROKEN_IN_A_ROW_MAX = 3;

  /// A run that decided nothing is tried so often.
  private static final int ATTEMPTS_MAX = 2;

  private final SoakPlan plan;
  private final List<Entry> entries;
  private final long forMillis;
  private final List<Ended> ended = new ArrayList<>();
  private @Nullable Started pending;
  private long spentMillis;

  /// How many runs had ended before it was resumed: what stood in their way may be gone.
  private int before;

  private Agenda(SoakPlan plan, List<Entry> entries) {
    this.plan = plan;
    this.entries = List.copyOf(entries);
    long limit = 0;
    long since = 0;
    for (Entry entry : entries) {
      switch (entry) {
        case Begun begun -> limit = begun.forMillis();
        case Resumed resumed -> {
          // how much of the time until here it was off is not known
          since = resumed.at();
          before = ended.size();
        }
        case Started started -> {
          since = started.at();
          pending = started;
        }
        case Ended end -> {
          spentMillis += Math.max(0, end.at() - since);
          ended.add(end);
          pending = null;
        }
      }
    }
    this.forMillis = limit;
  }

  static Agenda of(SoakPlan plan, List<Entry> entries) {
    return new Agenda(plan, entries);
  }

  /// What can come next.
  sealed interface Next {

    /// A run.
    ///
    /// @param begun whether it had begun when the soak was ended
    record Try(PlannedRun run, int attempt, boolean begun) implements Next {}

    /// Nothing.
    record Over(String why) implements Next {}
  }

  Next next() {
    Started begun = pending;
    if (begun != null) {
      return new Next.Try(made(begun.run()), begun.attempt(), true);
    }
    if (isBroken()) {
      return new Next.Over(
          BROKEN_IN_A_ROW_MAX
              + " runs in a row said nothing, the last because: "
              + ended.getLast().sentence());
    }
    int number = 1;
    if (!ended.isEmpty()) {
      Ended last = ended.getLast();
      // what is left of a catalogue comes again by itself, without the rest of its run
      if (!last.isDecided() && last.attempt() < ATTEMPTS_MAX && !plan.isOfCatalogue(last.run())) {
        return new Next.Try(made(last.run()), last.attempt() + 1, false);
      }
      number = last.run() + 1;
    }
    int most = plan.campaign().runsMax();
    if (most > 0 && number > most) {
      return new Next.Over("all " + most + " runs of the campaign are done");
    }
    // a soak without canary and control is none, however short it is
    if (forMillis > 0 && spentMillis >= forMillis && number > plan.campaign().special()) {
      return new Next.Over("its time is over");
    }
    return plan.run(number, entries)
        .<Next>map(run -> new Next.Try(run, 1, false))
        .orElse(new Next.Over("each kind of the catalogue was tried"));
  }

  /// A run that there was already.
  private PlannedRun made(int number) {
    return plan.run(number, entries).orElseThrow();
  }

  /// Whether the last runs all failed to say anything.
  boolean isBroken() {
    return ended.size() - before >= BROKEN_IN_A_ROW_MAX
        && ended.subList(ended.size() - BROKEN_IN_A_ROW_MAX, ended.size()).stream()
            .allMatch(each -> each.outcome() == Outcome.HARNESS_ERROR);
  }

  /// How much of it is done, from 0 to 1.
  double share() {
    int most = plan.campaign().runsMax();
    double byRuns = most == 0 || ended.isEmpty() ? 0 : ended.getLast().run() / (double) most;
    double byTime = forMillis == 0 ? 0 : spentMillis / (double) forMillis;
    double byKinds = Coverage.of(plan.campaign(), entries).share();
    return Math.min(1, Math.max(byKinds, Math.max(byRuns, byTime)));
  }
}
