package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AppDescriptor.Service;
import dev.gretchen.verifier.contract.ServiceJson;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.OrderBook;
import dev.gretchen.verifier.load.Quote;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.MergedLog;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `answers`: each enrichment is what the service really answered for that very event, and what is
/// made of it is right.
///
/// The truth is twofold: what the service knows is a function of the load's seed, and what it said
/// was written down by whoever stands before it. A quote carries a mark that nobody can guess, so
/// an answer given to another event is found out. Kinds: `wrong-answer` (not what the service
/// knows), `unheard-answer` (never said for this event), `wrong-value` (no such record, or wrongly
/// reckoned).
public final class AnswerCheck {

  private static final BigDecimal BASIS_POINTS = BigDecimal.valueOf(10_000);

  private final Witness witness;
  private final LoadPlan plan;
  private final OrderBook book;
  private final PartitionedLog stream;
  private final CallIndex calls;
  private final Service service;
  private final @Nullable Service confirming;
  private final Findings findings = new Findings();

  private AnswerCheck(
      Witness witness,
      PartitionedLog stream,
      CallIndex calls,
      Service service,
      @Nullable Service confirming) {
    this.witness = witness;
    this.plan = witness.plan();
    this.book = plan.orders();
    this.stream = stream;
    this.calls = calls;
    this.service = service;
    this.confirming = confirming;
  }

  /// Judges a stream by the calls of the service that it comes from.
  ///
  /// @param confirming the service that confirms each enrichment, null where none does
  public static Property check(
      Witness witness,
      PartitionedLog stream,
      CallIndex calls,
      Service service,
      @Nullable Service confirming) {
    AnswerCheck check = new AnswerCheck(witness, stream, calls, service, confirming);
    for (MergedLog records = new MergedLog(stream); records.hasNext(); ) {
      check.observe(records.next());
    }
    return check.findings.property(
        "answers:" + stream.topic(),
        Section.SAFETY,
        "Every record of "
            + stream.topic()
            + " holds what "
            + service.name()
            + " knows and answered for that very event.");
  }

  private void observe(LogRecord record) {
    if (!record.hasId()
        || plan.indexOf(record.id()) < 0
        || EnrichmentCheck.isMarker(record)
        || record.value() == null) {
      return;
    }
    findings.compared();
    switch (book.kind(record.id())) {
      case PRICED -> order(record);
      case QUERY -> query(record);
      case UNPRICED, GARBLED -> {} // that it is there at all is another property's
    }
  }

  private void order(LogRecord record) {
    ServiceJson.Quality found = ServiceJson.quality(value(record));
    if (found == null) {
      add("wrong-value", record, "holds no order's quality");
      return;
    }
    OrderBook.Order order = book.order(record.id());
    long index = plan.indexOf(record.id());
    Quote expected = book.market().at(order.symbol(), plan.time(index, record.id()));
    String told = ServiceJson.quote(found.quotedAt(), found.market(), found.quote());
    if (!told.equals(ServiceJson.quote(expected.at(), expected.price(), expected.mark()))) {
      add("wrong-answer", record, "says the quote " + told + ", the market's is " + expected);
    } else if (wasNotTold(service, record.id(), told)) {
      add("unheard-answer", record, "says the quote " + told + ", which was never answered for it");
    }
    BigDecimal bps = bps(order, expected.price());
    if (found.bps().compareTo(bps) != 0) {
      add("wrong-value", record, "says " + found.bps() + " basis points, it is " + bps);
    }
    Service mailer = confirming;
    if (mailer != null && wasNotTold(mailer, record.id(), Long.toString(found.mail()))) {
      add("unheard-answer", record, "says mail " + found.mail() + ", which was never answered");
    }
  }

  private static BigDecimal bps(OrderBook.Order order, long market) {
    long worse = order.buys() ? order.price() - market : market - order.price();
    return BigDecimal.valueOf(worse)
        .multiply(BASIS_POINTS)
        .divide(BigDecimal.valueOf(market), 2, RoundingMode.HALF_EVEN);
  }

  private void query(LogRecord record) {
    ServiceJson.TopHit found = ServiceJson.topHit(value(record));
    int answer = book.library().answer(record.id());
    String expected = answer < 0 ? null : book.library().id(answer);
    if (found == null || !book.query(record.id()).equals(found.query())) {
      add("wrong-value", record, "holds no answer to the query " + book.query(record.id()));
    } else if (!Objects.equals(expected, found.document())
        || !Objects.equals(book.library().answerTitle(record.id()), found.title())) {
      add("wrong-answer", record, "found " + found.document() + ", there is " + expected);
    } else if (wasNotTold(
        service, record.id(), expected == null ? ServiceJson.NOTHING : expected)) {
      add("unheard-answer", record, "found " + expected + ", which was never answered for it");
    }
  }

  private boolean wasNotTold(Service by, long id, String told) {
    return calls.attempts(by.name(), id).stream()
        .noneMatch(attempt -> attempt.status() != 0 && told.equals(attempt.told()));
  }

  private static byte[] value(LogRecord record) {
    return Objects.requireNonNull(record.value());
  }

  private void add(String kind, LogRecord record, String what) {
    findings.add(() ->
        new Anomaly(
            kind,
            "Key "
                + Witness.text(record.key())
                + ": "
                + Witness.at(stream.topic(), record)
                + Witness.by(record)
                + " of "
                + witness.event(record.id())
                + " "
                + what
                + ".",
            List.of(witness.exhibit(stream.topic(), record, kind)),
            record.observedAt()));
  }
}
