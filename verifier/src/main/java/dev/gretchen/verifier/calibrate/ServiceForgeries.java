package dev.gretchen.verifier.calibrate;

import static dev.gretchen.verifier.calibrate.Records.changed;
import static dev.gretchen.verifier.calibrate.Records.withValue;
import static dev.gretchen.verifier.calibrate.Records.without;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gretchen.verifier.calibrate.Change.InLines;
import dev.gretchen.verifier.calibrate.Change.InLog;
import dev.gretchen.verifier.calibrate.Change.InOffsets;
import dev.gretchen.verifier.check.AppliedCheck;
import dev.gretchen.verifier.check.InputTask;
import dev.gretchen.verifier.check.MemoryCheck;
import dev.gretchen.verifier.check.SteadyGroupCheck;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor.Stream;
import dev.gretchen.verifier.contract.AppDescriptor.Table;
import dev.gretchen.verifier.contract.AppliedOffsets;
import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.StreamKind;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Mail;
import dev.gretchen.verifier.truth.MemorySample;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.ServiceCall;
import dev.gretchen.verifier.truth.ServiceOrigin;
import dev.gretchen.verifier.verdict.Status;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What can be wrong with an app that calls services: what became of its events, what it says that
/// it was told, whom it called when and how often, and what that cost.
final class ServiceForgeries {

  private static final long LATER_MILLIS = 1_000;
  private static final long ENORMOUS = 4L << 30;
  private static final int OUT_OF_ORDER = 503;
  private static final String NEWCOMER = "newcomer";

  private ServiceForgeries() {}

  static Forgery enrichmentLost(Recording run) {
    String topic = confirmed(run).topic();
    LogRecord gone = enriched(run);
    return Forgery.of(
        Witness.at(topic, gone) + " is left out",
        Expected.fail("enriched-or-dead:" + topic, Set.of("lost"), run.event(gone.id())),
        new InLog(topic, gone.partition(), without(gone)));
  }

  /// The mark that nobody can guess stays right.
  static Forgery quoteAltered(Recording run) {
    String topic = confirmed(run).topic();
    LogRecord record = enriched(run);
    return Forgery.of(
        Witness.at(topic, record) + " says a price that is one more",
        Expected.fail(
            "answers:" + topic,
            Set.of("wrong-answer"),
            Witness.at(topic, record),
            run.event(record.id())),
        new InLog(
            topic,
            record.partition(),
            changed(r -> r.offset() == record.offset(), r -> oneMore(r, "market"))));
  }

  static Forgery calledAfterCommit(Recording run) {
    LogRecord record = enriched(run);
    ServiceCall call = callFor(run, record);
    long at = record.observedAt() + LATER_MILLIS;
    ServiceCall again = at(call, at, call.fate(), call.status(), call.answer());
    return Forgery.of(
        call.service() + " is asked once more for an event whose record was seen",
        Expected.fail(
            "calls:" + call.service(),
            Set.of("call-after-commit"),
            run.event(record.id()),
            LATER_MILLIS + " ms after its result was seen"),
        beside(call, again));
  }

  /// A call that failed, and the one that was made shortly after.
  static Forgery retriedAtOnce(Recording run) {
    LogRecord record = enriched(run);
    ServiceCall call = callFor(run, record);
    ServiceCall failed = at(call, call.at() - 5, "errors", OUT_OF_ORDER, "");
    return Forgery.of(
        call.service() + " failed 3 ms before it was asked for the same event again",
        Expected.fail(
            "retries:" + call.service(),
            Set.of("too-soon"),
            run.event(record.id()),
            "(errors), promised are"),
        beside(call, failed));
  }

  static Forgery mailedTwice(Recording run) {
    LogRecord record = enriched(run);
    String order = Hex16.of(record.id());
    Mail mail =
        run.lines(RunDirectory::mails, Mail.class).stream()
            .filter(sent -> sent.order().equals(order))
            .findFirst()
            .orElseThrow();
    Mail again = new Mail(mail.mail() + 1_000_000, mail.key() + "-again", order);
    return Forgery.of(
        "order " + order + " is confirmed by two mails, for two keys",
        Expected.fail(
            "effects:" + confirmed(run).confirmedBy(),
            Set.of("doubled-effect"),
            run.event(record.id())),
        new InLines<>(
            RunDirectory::mails,
            Mail.class,
            sent -> sent.equals(mail) ? List.of(sent, again) : List.of(sent)));
  }

  /// The last look at an offset before an event's record was seen calls the event applied.
  static Forgery committedPastAnEvent(Recording run) {
    LogRecord record =
        run.middle(
            confirmed(run).topic(),
            r -> r.hasId() && run.plan().indexOf(r.id()) >= 0 && lookBefore(run, r).isPresent());
    Lineage lineage = Objects.requireNonNull(Lineage.decode(record.lineage()));
    OffsetSample look = lookBefore(run, record).orElseThrow();
    OffsetSample lie =
        new OffsetSample(
            look.at(),
            look.topic(),
            look.partition(),
            lineage.last() + 1,
            look.end(),
            look.stableEnd(),
            look.last(),
            "v1," + AppliedOffsets.of(look.committed(), look.metadata()).epoch());
    return Forgery.of(
        "the offset of " + new InputTask(look.topic(), look.partition()) + " was beyond an event",
        Expected.fail(
            AppliedCheck.name(look.topic()),
            Set.of("applied-early"),
            run.event(record.id()),
            Witness.at(confirmed(run).topic(), record)),
        new InOffsets(sample -> sample.equals(look) ? lie : sample));
  }

  /// The last look before a record was seen, while its worker had the partition, at an offset of an
  /// earlier transaction; there where the record's event is the next one, so that the lie is about
  /// it alone.
  private static Optional<OffsetSample> lookBefore(Recording run, LogRecord record) {
    Lineage lineage = Lineage.decode(record.lineage());
    if (lineage == null) {
      return Optional.empty();
    }
    Optional<OffsetSample> look =
        run
            .offsets(sample ->
                sample.topic().equals(lineage.topic())
                    && sample.partition() == lineage.partition()
                    && sample.at() < record.observedAt()
                    && sample.committed() >= 0)
            .stream()
            .reduce((_, later) -> later);
    return look.filter(sample -> {
      long epoch = AppliedOffsets.of(sample.committed(), sample.metadata()).epoch();
      return sample.committed() == lineage.last()
          && epoch != AppliedOffsets.NO_EPOCH
          && epoch < lineage.epoch()
          && run.audit().stream()
              .filter(told -> told.event().equals("assigned") && told.at() <= sample.at())
              .filter(told ->
                  told.topic().equals(lineage.topic()) && told.partition() == lineage.partition())
              .reduce((_, later) -> later)
              .filter(told -> told.worker().equals(lineage.worker()))
              .filter(told -> told.generation() <= lineage.generation())
              .isPresent();
    });
  }

  static Forgery sumOneMore(Recording run) {
    Table table =
        run.app().tables().stream().filter(t -> t.sums() != null).findFirst().orElseThrow();
    String field = Objects.requireNonNull(table.sums());
    String topic = table.changelog();
    LogRecord record = run.middle(topic, r -> Witness.text(r.value()).contains("\"" + field));
    return Forgery.of(
        Witness.at(topic, record) + " says a " + field + " that is one more",
        Expected.fail(
            "sums:" + table.name(), Set.of("wrong-sum"), Witness.at(topic, record), field),
        new InLog(
            topic,
            record.partition(),
            changed(r -> r.offset() == record.offset(), r -> oneMore(r, field))));
  }

  /// Told by a worker that owns nothing, so that nobody else is accused.
  static Forgery partitionLostMeanwhile(Recording run) {
    List<FaultLine> faults = run.faults();
    FaultLine trouble =
        faults.stream()
            .filter(fault -> SteadyGroupCheck.isOfService(fault.kind()))
            .filter(fault -> faults.stream().noneMatch(other -> touches(other, fault)))
            .findFirst()
            .orElseThrow();
    InputTask task = new InputTask(run.app().input(), 0);
    AuditEntries entries =
        new AuditEntries(new Calm(trouble.at() + 1, task, NEWCOMER, 1, Optional.empty()));
    entries.task(0, NEWCOMER, "lost", 1);
    return Forgery.of(
        task + " is lost while " + trouble.target() + " is in trouble",
        Expected.fail(
            SteadyGroupCheck.NAME,
            Set.of("lost-partition"),
            task + " was lost at " + NEWCOMER,
            trouble.kind()),
        entries.behindAll(run));
  }

  private static boolean touches(FaultLine other, FaultLine service) {
    return !SteadyGroupCheck.isOfService(other.kind())
        && other.at() <= service.healedAt()
        && Math.max(other.at(), other.healedAt()) + SteadyGroupCheck.AFTERMATH_MILLIS
            >= service.at();
  }

  static Forgery standIn(Recording run) {
    ServiceOrigin real = run.lines(RunDirectory::services, ServiceOrigin.class).getFirst();
    return Forgery.of(
        real.service() + " was no real server",
        Expected.ends("services-real", Status.SKIPPED, real.service()),
        new InLines<>(
            RunDirectory::services,
            ServiceOrigin.class,
            origin ->
                List.of(
                    origin.equals(real)
                        ? new ServiceOrigin(origin.service(), false, origin.what())
                        : origin)));
  }

  static Forgery workerGrew(Recording run) {
    List<MemorySample> samples = run.lines(RunDirectory::memory, MemorySample.class);
    MemorySample some = samples.get(samples.size() / 2);
    return Forgery.of(
        some.worker() + " had 4 GiB for a moment",
        Expected.fail(MemoryCheck.NAME, Set.of("too-much-memory"), some.worker() + " had 4096 MiB"),
        new InLines<>(
            RunDirectory::memory,
            MemorySample.class,
            sample ->
                List.of(
                    sample.equals(some)
                        ? new MemorySample(sample.at(), sample.worker(), ENORMOUS)
                        : sample)));
  }

  /// The stream whose events are confirmed.
  private static Stream confirmed(Recording run) {
    return run.app().streams().stream()
        .filter(stream -> stream.kind() == StreamKind.ENRICHMENT)
        .filter(stream -> !stream.confirmedBy().isEmpty())
        .findFirst()
        .orElseThrow();
  }

  /// A record of it in the midst of the run.
  private static LogRecord enriched(Recording run) {
    return run.middle(confirmed(run).topic(), r -> r.hasId() && run.plan().indexOf(r.id()) >= 0);
  }

  /// The last call that served the event of a record.
  private static ServiceCall callFor(Recording run, LogRecord record) {
    String id = Hex16.of(record.id());
    String service = confirmed(run).service();
    return run.lines(RunDirectory::calls, ServiceCall.class).stream()
        .filter(call -> call.service().equals(service) && call.id().equals(id))
        .filter(call -> call.fate().equals("good"))
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  /// A call like another one at another time, of as many milliseconds as it takes to be refused.
  private static ServiceCall at(ServiceCall call, long at, String fate, int status, String answer) {
    return new ServiceCall(
        call.service(),
        at,
        at + 2,
        call.id(),
        call.attempt(),
        call.request(),
        fate,
        status,
        answer);
  }

  private static InLines<ServiceCall> beside(ServiceCall call, ServiceCall other) {
    Function<ServiceCall, List<ServiceCall>> rewrite =
        seen -> seen.equals(call) ? List.of(seen, other) : List.of(seen);
    return new InLines<>(RunDirectory::calls, ServiceCall.class, rewrite);
  }

  /// A record with one more in a field of its value.
  private static LogRecord oneMore(LogRecord record, String field) {
    Matcher number =
        Pattern.compile("\"" + field + "\":(\\d+)").matcher(Witness.text(record.value()));
    if (!number.find()) {
      throw new NoSuchElementException(record + " has no " + field);
    }
    long more = Long.parseLong(number.group(1)) + 1;
    return withValue(record, number.replaceFirst("\"" + field + "\":" + more).getBytes(UTF_8));
  }
}
