package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.check.AnswerCheck;
import dev.gretchen.verifier.check.AppliedCheck;
import dev.gretchen.verifier.check.CallCheck;
import dev.gretchen.verifier.check.CallIndex;
import dev.gretchen.verifier.check.EffectCheck;
import dev.gretchen.verifier.check.EnrichmentCheck;
import dev.gretchen.verifier.check.Replays;
import dev.gretchen.verifier.check.RetryCheck;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.AppDescriptor.Service;
import dev.gretchen.verifier.contract.AppDescriptor.Stream;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.truth.History;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Property;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/// What is judged of an app that calls services: for each enriched stream what became of its
/// events, what their records say, the calls that were made for them and what those did.
final class OutsideTrial {

  private final AppDescriptor app;
  private final History history;
  private final Witness witness;
  private final Terms terms;
  private final CallIndex calls;
  private final Replays replays;

  OutsideTrial(AppDescriptor app, History history, Witness witness, Terms terms) {
    this.app = app;
    this.history = history;
    this.witness = witness;
    this.terms = terms;
    this.calls = CallIndex.of(history.calls());
    this.replays = new Replays(witness.plan(), app.inputs(), audit(app, history));
  }

  /// The checks of a stream, by the name of their property.
  Map<String, Supplier<Property>> stream(Stream stream) {
    String deadLetters = Objects.requireNonNull(app.outside().deadLetters());
    EnrichmentCheck.Logs logs =
        new EnrichmentCheck.Logs(
            history.log(stream.source()), history.log(stream.topic()), history.log(deadLetters));
    List<Service> needed = new ArrayList<>(List.of(app.outside().service(stream.service())));
    Service confirming =
        stream.confirmedBy().isEmpty() ? null : app.outside().service(stream.confirmedBy());
    if (confirming != null) {
      needed.add(confirming);
    }
    Map<String, Supplier<Property>> checks = new LinkedHashMap<>();
    checks.put(
        "enriched-or-dead:" + stream.topic(),
        () -> EnrichmentCheck.check(witness, logs, calls, needed, terms.streams()));
    checks.put(
        "answers:" + stream.topic(),
        () -> AnswerCheck.check(witness, logs.stream(), calls, needed.getFirst(), confirming));
    if (terms.oneTransaction()) {
      checks.put(
          AppliedCheck.name(stream.source()),
          () -> AppliedCheck.check(witness, logs, history.offsets(), audit(app, history)));
    }
    for (Service service : needed) {
      checks.put(
          "calls:" + service.name(),
          () -> CallCheck.check(witness, logs, calls, replays, service, needed));
      checks.put(
          "retries:" + service.name(), () -> RetryCheck.check(witness, calls, replays, service));
    }
    if (confirming != null) {
      checks.put(
          "effects:" + confirming.name(),
          () -> EffectCheck.check(witness, logs.stream(), confirming.name(), history.mails()));
    }
    return checks;
  }

  /// The audit topic's entries by time; none where the app has no such topic.
  static List<AuditEvent> audit(AppDescriptor app, History history) {
    return audit(app, history, List.of());
  }

  /// The same, with the times put right that come from wrong clocks.
  static List<AuditEvent> audit(AppDescriptor app, History history, List<WrongClock> clocks) {
    List<AuditEvent> events = new ArrayList<>();
    String topic = app.auditTopic();
    PartitionedLog log = topic == null ? null : history.log(topic);
    for (int p = 0; log != null && p < log.partitions(); p++) {
      for (Iterator<LogRecord> records = log.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        AuditEvent event = AuditEvent.decode(record.value());
        if (event != null && !event.worker().equals(RunFacts.TRAINING_WORKER)) {
          for (WrongClock clock : clocks) {
            event = clock.right(event, record.observedAt());
          }
          events.add(event);
        }
      }
    }
    events.sort(Comparator.comparingLong(AuditEvent::at));
    return events;
  }
}
