package dev.gretchen.verifier.check;

import dev.gretchen.verifier.check.CallIndex.Attempt;
import dev.gretchen.verifier.contract.AppDescriptor.Service;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.OrderBook;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Longs;
import dev.gretchen.verifier.truth.MergedLog;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

/// `calls`: each enriched event was asked for at least once, and each further call has a reason: a
/// call for the event failed before it, or the event was begun again because its partition changed
/// hands or its worker gave up what it had not committed. That a call failed is what its service
/// saw, or its caller says that its time-out had passed.
///
/// A worker that was paused or cut off goes on with what it was at until it learns that another one
/// has taken over: such a call is its own reason, up to a time-out after it was told.
///
/// Once an event's result was seen, it is committed, and nobody may call for it again: whoever does
/// has repeated an event that is done. Kinds: `no-call`, `unexplained-call`, `call-after-commit`,
/// `stray-call` (for no event of the load, or one that must not be asked for), `changed-key` (an
/// idempotency key that is not the same for all calls of an event).
public final class CallCheck {

  private final Witness witness;
  private final LoadPlan plan;
  private final OrderBook book;
  private final CallIndex calls;
  private final Replays replays;
  private final Service service;
  private final List<Service> all;
  private final Longs committed = new Longs(0);
  private final Findings findings = new Findings();
  private long again;

  private CallCheck(
      Witness witness, CallIndex calls, Replays replays, Service service, List<Service> all) {
    this.witness = witness;
    this.plan = witness.plan();
    this.book = plan.orders();
    this.calls = calls;
    this.replays = replays;
    this.service = service;
    this.all = all;
  }

  /// Judges the calls of one service.
  ///
  /// @param all the services that an event of the stream's source needs
  public static Property check(
      Witness witness,
      EnrichmentCheck.Logs logs,
      CallIndex calls,
      Replays replays,
      Service service,
      List<Service> all) {
    CallCheck check = new CallCheck(witness, calls, replays, service, all);
    check.seen(logs.stream(), true);
    check.seen(logs.deadLetters(), false);
    for (var event : new TreeMap<>(calls.events(service.name())).entrySet()) {
      check.event(event.getKey(), event.getValue());
    }
    calls.nameless().stream()
        .filter(call -> call.service().equals(service.name()))
        .forEach(call ->
            check.add(
                "stray-call", call.at(), () -> "a call does not say what it is for: " + call.id()));
    return check.findings.property(
        "calls:" + service.name(),
        Section.SAFETY,
        "Every call of "
            + service.name()
            + " is for an event not yet done; "
            + check.again
            + " were made again, each after a failure or a replay.");
  }

  private void seen(PartitionedLog log, boolean mustBeAsked) {
    for (Iterator<LogRecord> records = new MergedLog(log); records.hasNext(); ) {
      LogRecord record = records.next();
      long index = record.hasId() ? plan.indexOf(record.id()) : -1;
      if (index < 0 || committed.get((int) index) != 0) {
        continue;
      }
      committed.set((int) index, record.observedAt());
      if (mustBeAsked) {
        findings.compared();
        if (calls.attempts(service.name(), record.id()).isEmpty()) {
          add(
              "no-call",
              record.observedAt(),
              () -> witness.event(record.id()) + " has a result but was never asked for");
        }
      }
    }
  }

  private void event(long id, List<Attempt> attempts) {
    long index = plan.indexOf(id);
    findings.compared(attempts.size());
    if (index < 0 || !mayBeAsked(id)) {
      add(
          "stray-call",
          attempts.getFirst().at(),
          () -> "a call is for " + witness.event(id) + ", which needs none");
      return;
    }
    long done = committed.get((int) index);
    Attempt before = null;
    for (Attempt attempt : attempts) {
      boolean overtaken = isOvertaken(id, attempt);
      if (overtaken) {
        again++;
      } else if (done != 0 && attempt.at() > done) {
        add(
            "call-after-commit",
            attempt.at(),
            () ->
                "a call for "
                    + witness.event(id)
                    + " came "
                    + (attempt.at() - done)
                    + " ms after its result was seen");
      } else if (before != null) {
        again++;
        explain(id, before, attempt);
      }
      if (before != null
          && service.name().equals("mailer")
          && !before.key().equals(attempt.key())) {
        String other = before.key();
        add(
            "changed-key",
            attempt.at(),
            () ->
                "calls for "
                    + witness.event(id)
                    + " carry the keys "
                    + other
                    + " and "
                    + attempt.key());
      }
      before = overtaken ? before : attempt;
    }
  }

  private void explain(long id, Attempt before, Attempt attempt) {
    boolean failed =
        all.stream()
            .anyMatch(other ->
                calls.attempts(other.name(), id).stream()
                    .anyMatch(call ->
                        call.at() >= before.at()
                            && call.at() < attempt.at()
                            && !call.isGood(other.timeout().toMillis())));
    boolean timedOut = attempt.caller().isAfterTimeout(service.timeout().toMillis());
    if (!failed && !timedOut && !replays.between(id, before.at(), attempt.at())) {
      add(
          "unexplained-call",
          attempt.at(),
          () ->
              "a call for "
                  + witness.event(id)
                  + " follows "
                  + (attempt.at() - before.at())
                  + " ms after one that was answered");
    }
  }

  private boolean isOvertaken(long id, Attempt attempt) {
    return replays.isOvertaken(
        id, attempt.caller().worker(), attempt.at(), service.timeout().toMillis());
  }

  private boolean mayBeAsked(long id) {
    return switch (book.kind(id)) {
      case PRICED -> !service.name().equals("search");
      case UNPRICED -> service.name().equals("influxdb");
      case QUERY -> service.name().equals("search");
      case GARBLED -> false;
    };
  }

  private void add(String kind, long at, Supplier<String> what) {
    findings.add(() ->
        new Anomaly(
            kind,
            "At " + service.name() + ", " + what.get() + witness.after(at) + ".",
            List.of(),
            at));
  }
}
