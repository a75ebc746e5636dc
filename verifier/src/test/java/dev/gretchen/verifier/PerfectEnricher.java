package dev.gretchen.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gretchen.verifier.contract.AppDescriptor.Service;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.load.LoadEvent;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.OrderBook;
import dev.gretchen.verifier.load.Quote;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Mail;
import dev.gretchen.verifier.truth.ServiceCall;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// What order-enrichment and its services would have written of a load without a mistake: one call
/// of each service for each event, one worker that is never killed. A test edits what it likes.
public final class PerfectEnricher {

  public static final long START = 1_700_000_000_000L;

  public static final Service INFLUXDB = service("influxdb");
  public static final Service SEARCH = service("search");
  public static final Service MAILER = service("mailer");

  public final LoadPlan plan;
  public final OrderBook book;
  public final MemoryLog orders;
  public final MemoryLog queries;
  public final MemoryLog quality;
  public final MemoryLog results;
  public final MemoryLog dead;
  public final List<ServiceCall> calls = new ArrayList<>();
  public final List<Mail> mails = new ArrayList<>();
  public final List<AuditEvent> audit = new ArrayList<>();

  public PerfectEnricher(LoadPlan plan) {
    this.plan = plan;
    this.book = plan.orders();
    int partitions = plan.shape().partitions();
    this.orders = new MemoryLog("orders", partitions);
    this.queries = new MemoryLog("search-queries", partitions);
    this.quality = new MemoryLog("order-quality", partitions);
    this.results = new MemoryLog("search-results", partitions);
    this.dead = new MemoryLog("order-enrichment-dead-letters", 1);
    audit.add(new AuditEvent(START - 1_000, "w1", "i", "started", "", -1, -1, "", -1));
    for (long i = 0; i < plan.count(); i++) {
      process(plan.event(i));
    }
  }

  private static Service service(String name) {
    return new Service(name, Duration.ofSeconds(2), Duration.ofMillis(30), 4, 5, 3);
  }

  /// When the event at an index is first asked about.
  public static long at(long index) {
    return START + 100 * index;
  }

  private void process(LoadEvent event) {
    int partitions = plan.shape().partitions();
    MemoryLog source = event.partition() < partitions ? orders : queries;
    int partition = event.partition() % partitions;
    long at = at(event.index());
    source.append(partition, at, event.timestamp(), event.key(), event.value(), event.id(), null);
    switch (book.kind(event.id())) {
      case PRICED -> enrich(event, partition, at);
      case QUERY -> {
        calls.add(call(SEARCH, event.id(), at, searchAnswer(event.id())));
        results.append(
            partition,
            at + 50,
            event.timestamp(),
            event.key(),
            topHit(event.id()).getBytes(UTF_8),
            event.id(),
            null);
      }
      case UNPRICED -> {
        calls.add(call(INFLUXDB, event.id(), at, "{\"results\":[{\"statement_id\":0}]}"));
        bury(event, at, "handler failed: influxdb: no price of it");
      }
      case GARBLED -> bury(event, at, "agent enrich cannot decode it: no JSON");
    }
  }

  private void bury(LoadEvent event, long at, String reason) {
    dead.bury(at + 50, event.timestamp(), event.key(), event.value(), event.id(), reason);
  }

  private void enrich(LoadEvent event, int partition, long at) {
    long number = mails.size() + 1L;
    calls.add(call(INFLUXDB, event.id(), at, influxAnswer(quote(event.id()))));
    calls.add(call(MAILER, event.id(), at + 5, "{\"mail\":" + number + "}"));
    mails.add(new Mail(number, key(event.id()), Hex16.of(event.id())));
    quality.append(
        partition,
        at + 50,
        event.timestamp(),
        event.key(),
        quality(event.id(), quote(event.id()), number).getBytes(UTF_8),
        event.id(),
        null);
  }

  /// The quote that an order must be held against.
  public Quote quote(long id) {
    return book.market().at(book.order(id).symbol(), plan.time(plan.indexOf(id), id));
  }

  public static String influxAnswer(Quote quote) {
    return "{\"results\":[{\"statement_id\":0,\"series\":[{\"values\":[[%d,%d,\"%s\",\"c\"]]}]}]}"
        .formatted(quote.at(), quote.price(), quote.mark());
  }

  private String searchAnswer(long id) {
    int answer = book.library().answer(id);
    return answer < 0
        ? "{\"hits\":{\"total\":{\"value\":0}}}"
        : "{\"hits\":{\"total\":{\"value\":1},\"hits\":[{\"_id\":\"d" + answer + "\"}]}}";
  }

  private String topHit(long id) {
    int answer = book.library().answer(id);
    return answer < 0
        ? "{\"query\":\"%s\",\"document\":null,\"title\":null}".formatted(book.query(id))
        : "{\"query\":\"%s\",\"document\":\"d%d\",\"title\":\"%s\"}"
            .formatted(book.query(id), answer, book.library().title(answer));
  }

  /// The record of an order that was held against a quote.
  public String quality(long id, Quote quote, long mail) {
    OrderBook.Order order = book.order(id);
    long worse = order.buys() ? order.price() - quote.price() : quote.price() - order.price();
    BigDecimal bps =
        BigDecimal.valueOf(worse)
            .multiply(BigDecimal.valueOf(10_000))
            .divide(BigDecimal.valueOf(quote.price()), 2, RoundingMode.HALF_EVEN);
    return "{\"market\":%d,\"quote\":\"%s\",\"quotedAt\":%d,\"bps\":%s,\"mail\":%d}"
        .formatted(quote.price(), quote.mark(), quote.at(), bps, mail);
  }

  private static String key(long id) {
    return "key-" + Hex16.of(id);
  }

  /// A call that is answered as it should be within 2 ms.
  public static ServiceCall call(Service service, long id, long at, String answer) {
    return call(service, id, at, "good", 200, answer);
  }

  /// Any call of 2 ms.
  public static ServiceCall call(
      Service service, long id, long at, String fate, int status, String answer) {
    boolean mail = service.name().equals("mailer");
    String request = mail ? "POST /mails {\"order\":\"" + Hex16.of(id) + "\"}" : "POST /";
    return new ServiceCall(
        service.name(),
        at,
        at + 2,
        mail ? key(id) : Hex16.of(id),
        "1;0",
        request,
        fate,
        status,
        answer);
  }

  /// A call like another one, of which its caller says that it is another attempt.
  public static ServiceCall saying(String attempt, ServiceCall call) {
    return new ServiceCall(
        call.service(),
        call.at(),
        call.ended(),
        call.id(),
        attempt,
        call.request(),
        call.fate(),
        call.status(),
        call.answer());
  }

  /// The id of the first event of a kind, not before an index.
  public long first(OrderBook.Kind kind, long from) {
    for (long i = from; i < plan.count(); i++) {
      if (book.kind(plan.id(i)) == kind) {
        return plan.id(i);
      }
    }
    throw new IllegalStateException("no event of the load is " + kind);
  }

  /// The call of a service for an event.
  public ServiceCall callOf(Service service, long id) {
    return calls.stream()
        .filter(call -> call.service().equals(service.name()))
        .filter(call -> call.id().endsWith(Hex16.of(id)))
        .findFirst()
        .orElseThrow();
  }

  /// Takes the record of an event out of a log.
  public static LogRecord take(MemoryLog log, long id) {
    for (int p = 0; p < log.partitions(); p++) {
      for (LogRecord record : log.list(p)) {
        if (record.id() == id) {
          log.list(p).remove(record);
          return record;
        }
      }
    }
    throw new IllegalStateException("no record of " + Hex16.of(id));
  }

  /// Appends a record like another with another value.
  public static void append(MemoryLog log, LogRecord record, String value) {
    log.append(
        record.partition(),
        record.observedAt(),
        record.timestamp(),
        Objects.requireNonNull(record.key()),
        value.getBytes(UTF_8),
        record.id(),
        null);
  }
}
