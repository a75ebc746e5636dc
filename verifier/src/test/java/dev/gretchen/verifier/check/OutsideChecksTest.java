package dev.gretchen.verifier.check;

import static dev.gretchen.verifier.PerfectEnricher.INFLUXDB;
import static dev.gretchen.verifier.PerfectEnricher.MAILER;
import static dev.gretchen.verifier.PerfectEnricher.SEARCH;
import static dev.gretchen.verifier.PerfectEnricher.append;
import static dev.gretchen.verifier.PerfectEnricher.at;
import static dev.gretchen.verifier.PerfectEnricher.call;
import static dev.gretchen.verifier.PerfectEnricher.saying;
import static dev.gretchen.verifier.PerfectEnricher.take;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.PerfectEnricher;
import dev.gretchen.verifier.contract.AppDescriptor.Service;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.LoadKind;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.load.OrderBook.Kind;
import dev.gretchen.verifier.truth.Grouping;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Mail;
import dev.gretchen.verifier.truth.MemorySample;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.ServiceCall;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// For each anomaly around an app's calls the smallest history that shows it, and one beside it
/// that does not.
class OutsideChecksTest {

  private static final LoadPlan PLAN =
      new LoadPlan(
          LoadShape.uniform(42, 100, Duration.ofSeconds(5), 2, "primary"), LoadKind.ORDERS);

  private final PerfectEnricher app = new PerfectEnricher(PLAN);
  private final List<Moment> faults = new ArrayList<>();

  // ---- the checks, on what a test has left of the perfect run

  private Witness witness() {
    return new Witness(PLAN, app.orders, faults);
  }

  private CallIndex calls() {
    return CallIndex.of(app.calls.iterator());
  }

  private Replays replays() {
    return new Replays(PLAN, List.of("orders", "search-queries"), app.audit);
  }

  private EnrichmentCheck.Logs orderLogs() {
    return new EnrichmentCheck.Logs(app.orders, app.quality, app.dead);
  }

  private Property enriched(Guarantee guarantee) {
    return EnrichmentCheck.check(
        witness(), orderLogs(), calls(), List.of(INFLUXDB, MAILER), guarantee);
  }

  private Property enriched() {
    return enriched(Guarantee.EXACTLY_ONCE);
  }

  private Property answers() {
    return AnswerCheck.check(witness(), app.quality, calls(), INFLUXDB, MAILER);
  }

  private Property calls(Service service) {
    return CallCheck.check(
        witness(), orderLogs(), calls(), replays(), service, List.of(INFLUXDB, MAILER));
  }

  private Property effects() {
    return EffectCheck.check(witness(), app.quality, "mailer", app.mails.iterator());
  }

  private Property retries(Service service) {
    return RetryCheck.check(witness(), calls(), replays(), service);
  }

  private static void passes(Property property) {
    assertThat(property.status()).as(property.toString()).isEqualTo(Status.PASS);
    assertThat(property.compared()).isPositive();
  }

  private static void shows(Property property, String kind) {
    assertThat(property.status()).as(property.toString()).isEqualTo(Status.FAIL);
    assertThat(property.anomalies()).extracting(Anomaly::kind).containsOnly(kind);
  }

  private long order() {
    return app.first(Kind.PRICED, 50);
  }

  private static LoadPlan plan() {
    return PLAN;
  }

  private void replay(long id, long at) {
    audit("assigned", id, at);
  }

  private void audit(String event, long id, long at) {
    audit("w2", event, id, at);
  }

  private void audit(String worker, String event, long id, long at) {
    int partition = plan().partitionOf(id);
    app.audit.add(new AuditEvent(at, worker, "j", event, "orders", partition, 2, "", -1));
  }

  @Test
  void findsNothingInARunWithoutAMistake() {
    passes(enriched());
    passes(answers());
    passes(calls(INFLUXDB));
    passes(calls(MAILER));
    passes(effects());
    passes(retries(INFLUXDB));
    passes(retries(MAILER));
    EnrichmentCheck.Logs queries = new EnrichmentCheck.Logs(app.queries, app.results, app.dead);
    passes(
        EnrichmentCheck.check(
            witness(), queries, calls(), List.of(SEARCH), Guarantee.EXACTLY_ONCE));
    passes(AnswerCheck.check(witness(), app.results, calls(), SEARCH, null));
    passes(CallCheck.check(witness(), queries, calls(), replays(), SEARCH, List.of(SEARCH)));
  }

  // ---- enriched or dead

  @Test
  void namesAnOrderThatIsNeitherEnrichedNorADeadLetter() {
    take(app.quality, order());

    shows(enriched(), "lost");
    assertThat(enriched().detail()).contains(Hex16.of(order()));
  }

  @Test
  void namesAnOrderThatIsEnrichedTwiceUnlessItMayBe() {
    LogRecord record = take(app.quality, order());
    append(app.quality, record, value(record));
    append(app.quality, record, value(record));

    assertThat(enriched().anomalies()).extracting(Anomaly::kind).contains("doubled");
    assertThat(enriched(Guarantee.AT_LEAST_ONCE).anomalies())
        .extracting(Anomaly::kind)
        .doesNotContain("doubled");
  }

  @Test
  void namesAnOrderThatIsEnrichedAndADeadLetterToo() {
    LogRecord record = app.quality.list(0).getFirst();
    bury(record);
    fail(INFLUXDB, record.id());

    shows(enriched(), "both");
  }

  @Test
  void namesADeadLetterWithoutACauseAndBelievesOneWithACause() {
    LogRecord record = take(app.quality, order());
    bury(record);

    shows(enriched(), "dead-without-cause");

    fail(MAILER, record.id());
    passes(enriched());
  }

  @Test
  void namesADeadLetterThatBlamesAServiceThatDidNotFail() {
    LogRecord record = take(app.quality, order());
    fail(MAILER, record.id());
    bury(record, "handler failed: influxdb: status 503");

    shows(enriched(), "wrong-reason");
    assertThat(enriched().detail())
        .contains("influxdb: status 503", "what failed in this run is [mailer]");

    app.dead.list(0).removeLast();
    bury(record, "handler failed: mailer: status 503");
    passes(enriched());
  }

  @Test
  void namesADeadLetterThatGivesNoReasonOrThatOfAnotherKind() {
    buryAgain(Kind.GARBLED, null);
    shows(enriched(), "wrong-reason");
    buryAgain(Kind.GARBLED, "agent enrich cannot decode it");
    passes(enriched());

    buryAgain(Kind.UNPRICED, "agent enrich cannot decode it");
    shows(enriched(), "wrong-reason");
    buryAgain(Kind.UNPRICED, "handler failed: influxdb: status 503");
    passes(enriched());
  }

  @Test
  void namesAnOrderThatOvertookAnotherOfItsKey() {
    List<LogRecord> list = app.quality.list(0);
    LogRecord first = list.getFirst();
    LogRecord next =
        list.stream()
            .skip(1)
            .filter(record -> keyOf(record).equals(keyOf(first)))
            .findFirst()
            .orElseThrow();
    int at = list.indexOf(next);
    list.set(0, next);
    list.set(at, first);
    app.quality.renumber(0);

    assertThat(enriched().anomalies()).extracting(Anomaly::kind).contains("out-of-order");
  }

  @Test
  void letsOrdersOfDifferentKeysOvertakeEachOther() {
    MemoryLog log =
        app.quality.list(0).stream().map(r -> keyOf(r)).distinct().count() > 1 ? app.quality : null;
    int partition = log == null ? 1 : 0;
    List<LogRecord> list = app.quality.list(partition);
    for (int i = 0; i + 1 < list.size(); i++) {
      if (!keyOf(list.get(i)).equals(keyOf(list.get(i + 1)))) {
        LogRecord first = list.get(i);
        list.set(i, list.get(i + 1));
        list.set(i + 1, first);
        app.quality.renumber(partition);
        break;
      }
    }

    passes(enriched());
  }

  @Test
  void namesAnEnrichedOrderThatHasNoPrice() {
    long unpriced = app.first(Kind.UNPRICED, 0);
    LogRecord record = take(app.dead, unpriced);
    app.quality.append(
        0,
        record.observedAt(),
        record.timestamp(),
        Objects.requireNonNull(record.key()),
        bytes("{}"),
        unpriced,
        null);

    assertThat(enriched().anomalies())
        .extracting(Anomaly::kind)
        .containsExactlyInAnyOrder("phantom", "lost");
  }

  // ---- answers

  @Test
  void namesAnOrderHeldAgainstTheQuoteOfAnotherMoment() {
    LogRecord record = take(app.quality, order());
    var other = app.book.market().quote(app.book.order(order()).symbol(), 0);
    append(app.quality, record, app.quality(order(), other, mailOf(order())));

    assertThat(answers().anomalies()).extracting(Anomaly::kind).contains("wrong-answer");
  }

  @Test
  void namesAnAnswerThatWasGivenToAnotherEvent() {
    ServiceCall call = app.callOf(INFLUXDB, order());
    app.calls.remove(call);
    app.calls.add(
        call(
            INFLUXDB,
            order(),
            call.at(),
            "wrong-entity",
            200,
            "{\"results\":[{\"statement_id\":0}]}"));

    shows(answers(), "unheard-answer");
  }

  @Test
  void namesAPriceThatWasWronglyReckoned() {
    LogRecord record = take(app.quality, order());
    append(app.quality, record, value(record).replace("\"bps\":", "\"bps\":1"));

    shows(answers(), "wrong-value");
  }

  // ---- calls

  @Test
  void namesASecondCallWithoutAReason() {
    app.calls.add(call(INFLUXDB, order(), atOf(order()) + 10, answerOf(order())));

    shows(calls(INFLUXDB), "unexplained-call");
  }

  @Test
  void believesASecondCallAfterAFailureOrAReplay() {
    long other = app.first(Kind.PRICED, PLAN.indexOf(order()) + 1);
    fail(MAILER, order());
    app.calls.add(call(INFLUXDB, order(), atOf(order()) + 10, answerOf(order())));
    app.calls.add(call(INFLUXDB, other, atOf(other) + 10, answerOf(other)));
    replay(other, atOf(other) + 5);

    passes(calls(INFLUXDB));
  }

  @Test
  void believesACallOfTheNextOwnerAfterOneOfAnOwnerThatDidNotKnowYet() {
    app.calls.add(call(INFLUXDB, order(), atOf(order()) + 10, answerOf(order())));
    audit("assigned", order(), atOf(order()) - 10);
    audit("recovering", order(), atOf(order()) - 9);
    shows(calls(INFLUXDB), "unexplained-call");

    audit("running", order(), atOf(order()) + 9);
    passes(calls(INFLUXDB));
  }

  /// It was paused after it had begun the event, or cut off from the brokers.
  @Test
  void believesACallAfterTheCommitOfWhoeverCouldNotKnowThatItWasOvertaken() {
    long late = atOf(order()) + 9_000;
    ServiceCall call = saying("1;0;w1", call(INFLUXDB, order(), late, answerOf(order())));
    app.calls.add(call);
    audit("w1", "assigned", order(), atOf(order()) - 500);
    shows(calls(INFLUXDB), "call-after-commit");

    audit("w2", "assigned", order(), atOf(order()) - 100);
    passes(calls(INFLUXDB));
    audit("w1", "lost", order(), late - 2_000);
    passes(calls(INFLUXDB));

    app.audit.removeLast();
    audit("w1", "lost", order(), late - 2_001);
    shows(calls(INFLUXDB), "call-after-commit");

    app.audit.removeLast();
    app.audit.add(new AuditEvent(late - 1, "w1", "k", "started", "", -1, -1, "", -1));
    shows(calls(INFLUXDB), "call-after-commit");
    app.audit.removeLast();

    app.calls.removeLast();
    app.calls.add(saying("1;0;w2", call));
    shows(calls(INFLUXDB), "call-after-commit");
    app.calls.removeLast();
    app.calls.add(saying("1;0", call));
    shows(calls(INFLUXDB), "call-after-commit");
  }

  /// The service had answered within 2 ms each time.
  @Test
  void believesASecondCallAfterATimeOutThatOnlyItsCallerSaw() {
    ServiceCall again = call(INFLUXDB, order(), atOf(order()) + 10, answerOf(order()));
    for (String attempt : List.of("2;2000", "3;2087")) {
      app.calls.add(saying(attempt, again));
      passes(calls(INFLUXDB));
      app.calls.removeLast();
    }
    for (String attempt : List.of("2;1999", "1;0", "1;5000", "", "2;2000 and more")) {
      app.calls.add(saying(attempt, again));
      shows(calls(INFLUXDB), "unexplained-call");
      app.calls.removeLast();
    }
  }

  @Test
  void namesACallForAnOrderWhoseResultWasSeen() {
    app.calls.add(call(INFLUXDB, order(), atOf(order()) + 60, answerOf(order())));
    replay(order(), atOf(order()) + 55);

    shows(calls(INFLUXDB), "call-after-commit");
  }

  @Test
  void namesCallsForNothingAndResultsWithoutACall() {
    app.calls.add(call(MAILER, app.first(Kind.UNPRICED, 0), at(0), "{\"mail\":9}"));
    shows(calls(MAILER), "stray-call");

    app.calls.remove(app.callOf(INFLUXDB, order()));
    shows(calls(INFLUXDB), "no-call");
  }

  @Test
  void namesAnIdempotencyKeyThatChanges() {
    ServiceCall call = app.callOf(MAILER, order());
    replay(order(), call.at() + 5);
    app.calls.add(
        new ServiceCall(
            "mailer",
            call.at() + 10,
            call.at() + 11,
            "another-" + Hex16.of(order()),
            call.attempt(),
            call.request(),
            "good",
            200,
            call.answer()));

    shows(calls(MAILER), "changed-key");
  }

  // ---- effects

  @Test
  void namesAnOrderThatWasConfirmedTwice() {
    app.mails.add(new Mail(900, "another", Hex16.of(order())));

    shows(effects(), "doubled-effect");
  }

  @Test
  void namesAnOrderWithoutItsMailAndAMailWithoutItsOrder() {
    Mail mail = app.mails.removeFirst();
    shows(effects(), "missing-effect");

    app.mails.add(mail);
    passes(effects());

    app.mails.add(new Mail(901, "k", Hex16.of(app.first(Kind.UNPRICED, 0))));
    shows(effects(), "stray-effect");
  }

  @Test
  void namesARecordOfAnotherMail() {
    LogRecord record = take(app.quality, order());
    append(app.quality, record, app.quality(order(), app.quote(order()), 4_711));

    shows(effects(), "wrong-effect");
  }

  // ---- retries

  @Test
  void namesACallThatDidNotWaitAndBelievesOneThatDid() {
    fail(INFLUXDB, order());
    long over = app.callOf(INFLUXDB, order()).ended();
    app.calls.add(call(INFLUXDB, order(), over + 29, answerOf(order())));
    shows(retries(INFLUXDB), "too-soon");

    ServiceCall soon = app.calls.removeLast();
    app.calls.add(saying("2;2000", soon));
    passes(retries(INFLUXDB));

    // of another worker's failure nobody knows; the one that failed does not say who made it
    app.calls.removeLast();
    app.calls.add(saying("1;0;w2", soon));
    shows(retries(INFLUXDB), "too-soon");
    ServiceCall failed = app.callOf(INFLUXDB, order());
    app.calls.remove(failed);
    app.calls.add(saying("1;0;w1", failed));
    passes(retries(INFLUXDB));

    app.calls.remove(saying("1;0;w2", soon));
    app.calls.add(call(INFLUXDB, order(), over + 30, answerOf(order())));
    passes(retries(INFLUXDB));
  }

  @Test
  void namesACallThatDidNotWaitAsLongAsItWasAskedTo() {
    ServiceCall call = app.callOf(INFLUXDB, order());
    app.calls.remove(call);
    app.calls.add(call(INFLUXDB, order(), call.at(), "throttled", 429, "{}"));
    app.calls.add(call(INFLUXDB, order(), call.ended() + 999, answerOf(order())));
    shows(retries(INFLUXDB), "too-soon");

    app.calls.removeLast();
    app.calls.add(call(INFLUXDB, order(), call.ended() + 1_000, answerOf(order())));
    passes(retries(INFLUXDB));
  }

  @Test
  void namesMoreCallsAtATimeThanPromised() {
    long start = at(1_000);
    for (int i = 0; i < 4; i++) {
      app.calls.add(call(INFLUXDB, PLAN.id(i), start, "{}"));
    }
    passes(retries(INFLUXDB));

    app.calls.add(call(INFLUXDB, PLAN.id(4), start, "{}"));
    assertThat(retries(INFLUXDB).anomalies()).extracting(Anomaly::kind).contains("too-many");
    app.calls.add(call(INFLUXDB, PLAN.id(5), start, "{}"));
    assertThat(retries(INFLUXDB).anomalies())
        .filteredOn(anomaly -> anomaly.kind().equals("too-many"))
        .singleElement()
        .satisfies(worst -> assertThat(worst.sentence()).contains("had up to 6 calls under way"));
  }

  /// The service is at them still, and their caller may make as many others.
  @Test
  void doesNotCountCallsWhoseCallerHasLostTheirPartition() {
    long start = at(1_000);
    for (int i = 0; i < 5; i++) {
      long id = PLAN.id(i);
      audit("w1", "assigned", id, start - 100);
      app.calls.add(saying("1;0;w1", call(INFLUXDB, id, start + i / 4, "{}")));
    }
    assertThat(retries(INFLUXDB).anomalies()).extracting(Anomaly::kind).contains("too-many");

    audit("w1", "lost", PLAN.id(0), start - 1);
    assertThat(retries(INFLUXDB).anomalies()).extracting(Anomaly::kind).contains("too-many");
    audit("w1", "lost", PLAN.id(0), start + 1);
    passes(retries(INFLUXDB));
  }

  /// On a busy machine calls that were made one after the other may arrive together.
  @Test
  void countsCallsByWhenTheirCallerBeganThem() {
    long start = at(1_000);
    for (int i = 0; i < 8; i++) {
      ServiceCall call = call(INFLUXDB, PLAN.id(i), start, "{}");
      app.calls.add(saying("1;0;w1;" + (start - (i < 4 ? 2_000 : 1_000)), call));
    }
    assertThat(retries(INFLUXDB).anomalies()).extracting(Anomaly::kind).contains("too-many");

    app.calls.subList(app.calls.size() - 8, app.calls.size()).clear();
    for (int i = 0; i < 8; i++) {
      ServiceCall call = call(INFLUXDB, PLAN.id(i), start, "{}");
      app.calls.add(saying("1;0;w1;" + (start - (i < 4 ? 2_000 : 0)), call));
    }
    passes(retries(INFLUXDB));
  }

  @Test
  void namesWhoHammersADeadServiceAndBelievesWhoProbes() {
    long start = at(1_000);
    for (int i = 0; i < 30; i++) {
      app.calls.add(call(INFLUXDB, PLAN.id(i), start + 334L * i, "errors", 503, ""));
    }
    passes(retries(INFLUXDB));

    for (int i = 30; i < 60; i++) {
      app.calls.add(call(INFLUXDB, PLAN.id(i), start + 10_020L + 50L * i, "errors", 503, ""));
    }
    shows(retries(INFLUXDB), "hammering");
  }

  // ---- the group, and sums

  @Test
  void namesAPartitionThatChangedHandsWhileAServiceWasSlow() {
    faults.add(new Moment("service-delay", "mailer", at(0), at(20), false));
    passes(SteadyGroupCheck.check(witness(), app.audit));

    replay(order(), at(10));
    shows(SteadyGroupCheck.check(witness(), app.audit), "lost-partition");

    faults.add(new Moment("kill-owner", "w1", at(0) - 5_000, at(0), true));
    assertThat(SteadyGroupCheck.check(witness(), app.audit).status())
        .as("a kill explains it")
        .isEqualTo(Status.SKIPPED);
  }

  @Test
  void namesAnEventThatAnOffsetPassedWhileItWasUnderWay() {
    long id = order();
    LogRecord of = take(app.quality, id);
    long offset = offsetInOrders(id);
    app.audit.add(
        new AuditEvent(at(0), "w1", "i", "assigned", "orders", of.partition(), 3, "", -1));
    app.quality.append(
        of.partition(),
        at(20),
        of.timestamp(),
        Objects.requireNonNull(of.key()),
        of.value(),
        id,
        new Lineage("orders", of.partition(), offset, offset, "w1", 4, 19).encode());

    shows(applied(of, at(10), offset + 1, "v1,17"), "applied-early");
    // the bytes say: one offset beyond is the end, and none is missing
    shows(applied(of, at(10), offset, "v2,17,AQ"), "applied-early");
    passes(applied(of, at(10), offset, "v1,17"));
    passes(applied(of, at(10), offset + 1, "v1,19"));
    passes(applied(of, at(20), offset + 1, "v1,17"));
    app.audit.add(
        new AuditEvent(at(5), "w1", "j", "assigned", "orders", of.partition(), 5, "", -1));
    passes(applied(of, at(10), offset + 1, "v1,17"));
    app.audit.add(
        new AuditEvent(at(6), "w2", "k", "assigned", "orders", of.partition(), 4, "", -1));
    passes(applied(of, at(10), offset + 1, "v1,17"));
    assertThat(applied(of, at(10), offset + 1, null).status())
        .as("no transaction is named")
        .isEqualTo(Status.SKIPPED);
  }

  private long offsetInOrders(long id) {
    return app.orders.list(plan().partitionOf(id)).stream()
        .filter(record -> record.id() == id)
        .findFirst()
        .orElseThrow()
        .offset();
  }

  private Property applied(LogRecord of, long at, long committed, @Nullable String metadata) {
    OffsetSample sample =
        new OffsetSample(
            at, "orders", of.partition(), committed, committed, committed, false, metadata);
    return AppliedCheck.check(
        witness(),
        new EnrichmentCheck.Logs(app.orders, app.quality, app.dead),
        List.of(sample).iterator(),
        app.audit);
  }

  @Test
  void namesAWorkerThatGrewWhileAServiceWasSilent() {
    faults.add(new Moment("service-silence", "mailer", at(0), at(20), false));
    List<MemorySample> samples =
        new ArrayList<>(List.of(resident(at(1), "w1", 512), resident(at(2), "w2", 512)));
    passes(MemoryCheck.check(witness(), 512, samples.iterator()));

    samples.add(resident(at(3), "w2", 513));
    samples.add(resident(at(4), "w2", 600));
    Property grown = MemoryCheck.check(witness(), 512, samples.iterator());
    shows(grown, "too-much-memory");
    assertThat(grown.anomalies())
        .extracting(Anomaly::sentence)
        .containsExactly(
            "w2 had 513 MiB resident, promised are at most 512, while mailer suffered from"
                + " service-silence.");
    assertThat(MemoryCheck.check(witness(), 512, Collections.emptyIterator()).status())
        .as("nothing was seen")
        .isEqualTo(Status.SKIPPED);
  }

  private static MemorySample resident(long at, String worker, long mib) {
    return new MemorySample(at, worker, mib << 20);
  }

  @Test
  void namesASumThatIsNotThatOfItsOrders() {
    LogRecord first = app.quality.list(0).getFirst();
    long quantity = app.book.order(first.id()).quantity();

    passes(sums(first, quantity));
    shows(sums(first, quantity + 1), "wrong-sum");
  }

  private Property sums(LogRecord first, long volume) {
    MemoryLog changelog = new MemoryLog("changelog", 2);
    byte[] name = Objects.requireNonNull(first.key());
    byte[] key = new byte[name.length + 1];
    key[0] = 1;
    System.arraycopy(name, 0, key, 1, name.length);
    String value =
        "{\"count\":1,\"fingerprint\":\"%s\",\"volume\":%d}"
            .formatted(Hex16.of(dev.gretchen.verifier.contract.Mix.mix(first.id())), volume);
    changelog.append(0, 0, 0, key, bytes(value), null, null);
    return SumCheck.check("t", witness(), app.quality, changelog, new Grouping.ByKey(), "volume");
  }

  // ---- small words

  private void fail(Service service, long id) {
    ServiceCall call = app.callOf(service, id);
    app.calls.remove(call);
    app.calls.add(call(service, id, call.at(), "errors", 503, ""));
  }

  private void bury(LogRecord record) {
    bury(record, "handler failed: influxdb, or the mailer");
  }

  private void bury(LogRecord record, @Nullable String reason) {
    app.dead.bury(
        record.observedAt(),
        record.timestamp(),
        Objects.requireNonNull(record.key()),
        bytes("{}"),
        record.id(),
        reason);
  }

  /// Gives the first dead letter of a kind another reason.
  private void buryAgain(Kind kind, @Nullable String reason) {
    List<LogRecord> letters = app.dead.list(0);
    for (int i = 0; i < letters.size(); i++) {
      LogRecord letter = letters.get(i);
      if (PLAN.orders().kind(letter.id()) == kind) {
        bury(letter, reason);
        letters.set(i, letters.removeLast());
        return;
      }
    }
    throw new AssertionError("there is no " + kind);
  }

  private long mailOf(long id) {
    return app.mails.stream()
        .filter(mail -> mail.order().equals(Hex16.of(id)))
        .findFirst()
        .orElseThrow()
        .mail();
  }

  private String answerOf(long id) {
    return PerfectEnricher.influxAnswer(app.quote(id));
  }

  private static long atOf(long id) {
    return at(PLAN.indexOf(id));
  }

  private static String value(LogRecord record) {
    return new String(Objects.requireNonNull(record.value()), UTF_8);
  }

  private static String keyOf(LogRecord record) {
    return new String(Objects.requireNonNull(record.key()), UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
