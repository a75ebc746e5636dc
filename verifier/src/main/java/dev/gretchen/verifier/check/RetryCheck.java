package dev.gretchen.verifier.check;

import dev.gretchen.verifier.check.CallIndex.Attempt;
import dev.gretchen.verifier.contract.AppDescriptor.Service;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// `retries`: callers treat a service in trouble as they promise.
///
/// - After a call that failed, the next for the same event comes no sooner than the promised pause,
///   and after a 429 no sooner than `Retry-After` said, which is [#RETRY_AFTER_MILLIS]; unless the
///   event was begun again in between, by somebody who knows nothing of the failure. Where the
///   caller's own time-out ended a call, only the caller knows when, and may say so. Of two workers
///   each pauses by itself.
/// - No more calls are under way than the promised number for each worker.
/// - Where every call fails, after so many in a row that each worker's circuit breaker must have
///   noticed, no more than the promised number of probes a second comes from each worker.
///
/// A call counts as over when it ended, its caller's time-out had passed, or its caller gave up its
/// event because it lost the partition: the service may be at it still. Connections that were
/// refused show at no front, so they count nowhere. Kinds: `too-soon`, `too-many`, `hammering`.
public final class RetryCheck {

  /// What a throttling front asks for.
  public static final long RETRY_AFTER_MILLIS = 1_000;

  private static final long SECOND = 1_000;
  private static final int TOO_MANY_REQUESTS = 429;

  private final Witness witness;
  private final CallIndex calls;
  private final Replays replays;
  private final Service service;
  private final long timeout;
  private final Findings findings = new Findings();

  private RetryCheck(Witness witness, CallIndex calls, Replays replays, Service service) {
    this.witness = witness;
    this.calls = calls;
    this.replays = replays;
    this.service = service;
    this.timeout = service.timeout().toMillis();
  }

  /// Judges the calls of one service.
  public static Property check(Witness witness, CallIndex calls, Replays replays, Service service) {
    RetryCheck check = new RetryCheck(witness, calls, replays, service);
    calls.events(service.name()).values().forEach(check::pauses);
    int most = check.inFlight();
    check.stretches();
    return check.findings.property(
        "retries:" + service.name(),
        Section.SAFETY,
        "Callers of "
            + service.name()
            + " paused before they tried again, had at most "
            + most
            + " calls under way, and left it alone while it was down.");
  }

  private void pauses(List<Attempt> attempts) {
    findings.compared();
    for (int i = 1; i < attempts.size(); i++) {
      Attempt before = attempts.get(i - 1);
      Attempt attempt = attempts.get(i);
      long promised =
          before.status() == TOO_MANY_REQUESTS ? RETRY_AFTER_MILLIS : service.pause().toMillis();
      long pause = attempt.at() - before.over(timeout);
      if (before.wasEndedHere(timeout)
          && !before.isAnswered()
          && pause < promised
          && !attempt.caller().isAfterTimeout(timeout)
          && !attempt.caller().isAnotherThan(before.caller())
          && !replays.between(before.event(), before.at(), attempt.at())) {
        add(
            "too-soon",
            attempt.at(),
            "was called again for "
                + witness.event(before.event())
                + " "
                + pause
                + " ms after a call that failed ("
                + before.fate()
                + "), promised are "
                + promised);
      }
    }
  }

  private int inFlight() {
    int limit = service.inFlight() * replays.workers();
    PriorityQueue<Long> ends = new PriorityQueue<>();
    int most = 0;
    long first = 0;
    for (Attempt attempt : begun()) {
      while (!ends.isEmpty() && ends.peek() <= begun(attempt)) {
        ends.remove();
      }
      ends.add(overFor(attempt));
      if (ends.size() > limit && first == 0) {
        first = begun(attempt);
      }
      most = Math.max(most, ends.size());
    }
    if (most > limit) {
      add(
          "too-many",
          first,
          "had up to " + most + " calls under way, promised are at most " + limit);
    }
    return most;
  }

  private List<Attempt> begun() {
    return calls.all(service.name()).stream()
        .sorted(Comparator.comparingLong(this::begun))
        .toList();
  }

  private long begun(Attempt attempt) {
    return attempt.caller().begun(attempt.at(), timeout);
  }

  /// When a call was over for its caller: at the latest when its time-out had passed, or when it
  /// gave up the call's event.
  private long overFor(Attempt attempt) {
    return Math.min(
        Math.min(attempt.ended(), begun(attempt) + timeout),
        replays.abandoned(attempt.event(), attempt.caller().worker(), attempt.at()));
  }

  /// Stretches in which every call failed, in the order in which callers learned of it.
  private void stretches() {
    List<Attempt> all = new ArrayList<>(calls.all(service.name()));
    all.sort(Comparator.comparingLong(attempt -> attempt.over(timeout)));
    List<Attempt> failing = new ArrayList<>();
    for (Attempt attempt : all) {
      if (attempt.isAnswered()) {
        stretch(failing);
        failing.clear();
      } else {
        failing.add(attempt);
      }
    }
    stretch(failing);
  }

  private void stretch(List<Attempt> failing) {
    int noticed = service.failures() * replays.workers();
    if (failing.size() <= noticed) {
      return;
    }
    long known = failing.get(noticed - 1).over(timeout);
    List<Long> later = failing.stream().map(this::begun).filter(at -> at > known).sorted().toList();
    int from = 0;
    for (int i = 0; i < later.size(); i++) {
      while (later.get(i) - later.get(from) >= SECOND) {
        from++;
      }
      int begun = replays.starts(known, later.get(i));
      int allowed = service.probes() * replays.workers() + service.failures() * begun;
      if (i - from + 1 > allowed) {
        add(
            "hammering",
            later.get(i),
            "was called "
                + (i - from + 1)
                + " times within a second after "
                + noticed
                + " failures in a row, promised are "
                + allowed);
        return;
      }
    }
  }

  private void add(String kind, long at, String what) {
    findings.add(() ->
        new Anomaly(kind, service.name() + " " + what + witness.after(at) + ".", List.of(), at));
  }
}
