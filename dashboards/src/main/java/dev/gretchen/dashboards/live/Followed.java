package dev.gretchen.dashboards.live;

import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.Tally;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A typed word on its way through the app: each topic in which its event is seen is a step, and so
/// are the changelog record that stands for it and the table's answer.
final class Followed {

  /// A table whose owner is recovering is asked again, so often at most.
  static final int ASKED_MAX = 20;

  private final LiveSetup.@Nullable Counting counting;
  private final LiveEvent.Typed typed;
  private final boolean accepted;
  private final List<LiveView.Step> steps = new ArrayList<>();
  private final Set<String> topics = new HashSet<>();
  private @Nullable Lineage counted;
  private LiveEvent.@Nullable Seen changelog;
  private LiveView.@Nullable Step lastAnswer;
  private int asked;
  private boolean answered;

  Followed(LiveEvent.Typed typed, LiveSetup.@Nullable Counting counting) {
    this.typed = typed;
    this.counting = counting;
    this.accepted = counting == null || counting.palette().accepts(typed.word());
    step(typed.at(), "typed", "'" + typed.word() + "', event " + Long.toHexString(typed.id()), "");
  }

  private void step(long at, String what, String where, String worker) {
    steps.add(new LiveView.Step(Math.max(0, at - typed.at()), what, where, worker));
  }

  /// Something was read; most of it is not of this event.
  void seen(LiveEvent.Seen seen) {
    Long id = seen.id();
    if (id != null && id == typed.id()) {
      ofTheEvent(seen);
    } else if (counting != null && seen.topic().equals(counting.changelog())) {
      changelog = seen.key().equals(typed.word()) ? seen : changelog;
      lookAtChangelog(seen.at());
    }
  }

  /// The changelog record may be read before the output, which is of the same transaction.
  private void lookAtChangelog(long at) {
    LiveEvent.Seen seen = changelog;
    if (seen != null && standsForIt(seen) && topics.add(seen.topic())) {
      step(at, "in the changelog", place(seen), worker(seen.lineage()));
    }
  }

  private void ofTheEvent(LiveEvent.Seen seen) {
    if (!topics.add(seen.topic())) {
      return;
    }
    Lineage lineage = seen.lineage();
    String how = lineage == null ? "" : ", epoch " + lineage.epoch() + " of " + lineage.worker();
    LiveSetup.Counting counts = counting;
    if (counts != null && seen.topic().equals(counts.updates())) {
      counted = lineage;
      Tally tally = seen.tally();
      String count = tally == null ? seen.value() : Long.toString(tally.count());
      step(seen.at(), "counted: " + count, place(seen) + how, worker(lineage));
      lookAtChangelog(seen.at());
    } else if (lineage == null) {
      step(seen.at(), "in the input log", place(seen), "");
    } else {
      step(seen.at(), "sent on", place(seen) + how, worker(lineage));
    }
  }

  /// A changelog record names no event, but the range of source offsets that it stands for.
  private boolean standsForIt(LiveEvent.Seen seen) {
    Lineage of = counted;
    Lineage has = seen.lineage();
    return of != null
        && has != null
        && has.partition() == of.partition()
        && has.topic().equals(of.topic())
        && has.last() >= of.last();
  }

  /// A worker said what the table holds, or that nobody can say it now; a later answer takes the
  /// place of that.
  void answered(LiveEvent.Answered answer) {
    if (!answer.word().equals(typed.word()) || answered) {
      return;
    }
    steps.remove(lastAnswer);
    step(answer.at(), "asked for over HTTP", answer.answer(), "");
    lastAnswer = steps.getLast();
    answered = answer.holds() || ++asked == ASKED_MAX;
  }

  /// Whether its count has been seen, so that the table may be asked.
  boolean isCounted() {
    return counted != null && !answered;
  }

  LiveEvent.Typed typed() {
    return typed;
  }

  LiveView.Journey view() {
    boolean over = answered || (!accepted && topics.size() == 1);
    return new LiveView.Journey(typed.word(), accepted, over, steps);
  }

  private static String place(LiveEvent.Seen seen) {
    return seen.topic() + "-" + seen.partition() + " @ " + seen.offset();
  }

  private static String worker(@Nullable Lineage lineage) {
    return lineage == null ? "" : lineage.worker();
  }
}
