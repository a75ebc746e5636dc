package dev.gretchen.verifier.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.chaos.service.Answer;
import dev.gretchen.chaos.service.Call;
import dev.gretchen.chaos.service.Front;
import dev.gretchen.chaos.service.ServiceKind;
import dev.gretchen.chaos.service.Services;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.history.JsonLines;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.load.Library;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.OrderBook;
import dev.gretchen.verifier.load.Quote;
import dev.gretchen.verifier.truth.Mail;
import dev.gretchen.verifier.truth.ServiceCall;
import dev.gretchen.verifier.truth.ServiceOrigin;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.json.JsonMapper;

/// The services of a run: started, filled from the load's seed, their calls written to the history
/// as they end, and at the end what they have done.
final class ServiceDesk implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String DATABASE = "market";
  private static final String INDEX = "documents";
  private static final int BATCH_LINES = 5_000;

  private final RunDirectory run;
  private final Services services;
  private final JsonLines.Writer<ServiceCall> calls;
  private final ReentrantLock lock = new ReentrantLock();

  private ServiceDesk(
      RunDirectory run,
      RunOptions options,
      Processes processes,
      JsonLines.Writer<ServiceCall> calls,
      InstantSource clock) {
    this.run = run;
    this.calls = calls;
    this.services =
        Services.launch(
            kinds(options.app()), options.services(), processes, run.logs(), this::ended, clock);
  }

  /// Starts what the app's descriptor names and returns at once.
  static ServiceDesk launch(
      RunDirectory run, RunOptions options, Processes processes, InstantSource clock) {
    return new ServiceDesk(run, options, processes, new JsonLines.Writer<>(run.calls()), clock);
  }

  private static Set<ServiceKind> kinds(AppDescriptor app) {
    Set<ServiceKind> kinds = EnumSet.noneOf(ServiceKind.class);
    for (AppDescriptor.Service service : app.outside().services()) {
      kinds.add(
          ServiceKind.ofWord(service.name())
              .orElseThrow(() ->
                  new EnvironmentFailure(
                      "no service is called "
                          + service.name()
                          + "; a run can provide influxdb, search and mailer")));
    }
    return kinds;
  }

  private void ended(Call call) {
    lock.lock();
    try {
      calls.append(
          new ServiceCall(
              call.service(),
              call.at(),
              call.ended(),
              call.id(),
              call.attempt(),
              call.request(),
              call.fate(),
              call.status(),
              call.answer()));
    } finally {
      lock.unlock();
    }
  }

  /// What each service is, half a sentence each; written down too.
  List<String> origins() {
    try (var lines = new JsonLines.Writer<ServiceOrigin>(run.services())) {
      services
          .origins()
          .forEach(origin ->
              lines.append(new ServiceOrigin(origin.kind().word(), origin.real(), origin.what())));
    }
    return services.origins().stream().map(Services.Origin::toString).toList();
  }

  /// The fronts, for faults.
  List<Front> fronts() {
    return services.fronts();
  }

  /// A service that ended by itself, a sentence.
  Optional<String> unexpectedExit() {
    return services.unexpectedExit();
  }

  /// Where workers find each service, by its name; empty where the app calls none of that name.
  Map<String, String> addresses() {
    Map<String, String> addresses = new HashMap<>();
    for (ServiceKind kind : ServiceKind.values()) {
      addresses.put(
          kind.word(),
          services.kinds().contains(kind) ? services.front(kind).address().toString() : "");
    }
    return addresses;
  }

  /// Waits until all answer, and gives them what the load's seed says that they know.
  void open(LoadPlan plan) throws InterruptedException {
    services.awaitHealthy();
    for (Front front : services.fronts()) {
      switch (front.kind()) {
        case INFLUXDB -> fillPrices(front, plan.orders(), plan.colors());
        case SEARCH -> fillDocuments(front, plan.orders().library());
        case MAILER -> {}
      }
    }
  }

  private static void fillPrices(Front influx, OrderBook book, List<String> symbols)
      throws InterruptedException {
    require(
        influx.direct(
            "POST",
            "/query",
            Map.of("content-type", "application/x-www-form-urlencoded"),
            ("q=CREATE+DATABASE+" + DATABASE).getBytes(UTF_8)),
        "creating a database");
    StringBuilder lines = new StringBuilder();
    int batched = 0;
    for (int symbol = 0; symbol < symbols.size(); symbol++) {
      for (int number = 0; number < book.market().quotes(symbol); number++) {
        Quote quote = book.market().quote(symbol, number);
        lines.append("quotes,symbol=").append(symbols.get(symbol));
        lines.append(" price=").append(quote.price()).append("i,quote=\"").append(quote.mark());
        lines.append("\" ").append(quote.at()).append('\n');
        if (++batched % BATCH_LINES == 0) {
          write(influx, lines);
        }
      }
    }
    write(influx, lines);
  }

  private static void write(Front influx, StringBuilder lines) throws InterruptedException {
    byte[] body = lines.toString().getBytes(UTF_8);
    lines.setLength(0);
    if (body.length > 0) {
      require(
          influx.direct("POST", "/write?db=" + DATABASE + "&precision=ms", Map.of(), body),
          "writing prices");
    }
  }

  private static void fillDocuments(Front search, Library library) throws InterruptedException {
    StringBuilder lines = new StringBuilder();
    for (int document = 0; document < Library.SIZE; document++) {
      lines.append(JSON.writeValueAsString(Map.of("index", Map.of("_id", library.id(document)))));
      lines.append('\n');
      lines.append(JSON.writeValueAsString(Map.of("title", library.title(document))));
      lines.append('\n');
    }
    Answer answer =
        search.direct(
            "POST",
            "/" + INDEX + "/_bulk?refresh=true",
            Map.of("content-type", "application/x-ndjson"),
            lines.toString().getBytes(UTF_8));
    require(answer, "indexing documents");
    if (!answer.text().contains("\"errors\":false")) {
      throw new EnvironmentFailure("The search engine did not index all documents");
    }
  }

  private static void require(Answer answer, String what) {
    if (answer.status() >= 300) {
      throw new EnvironmentFailure(
          "A service refused " + what + ": status " + answer.status() + ", " + answer.text());
    }
  }

  /// Writes down what the mailer says it has sent.
  void collect() throws InterruptedException {
    if (!services.kinds().contains(ServiceKind.MAILER)) {
      return;
    }
    Answer answer =
        services.front(ServiceKind.MAILER).direct("GET", "/mails", Map.of(), new byte[0]);
    require(answer, "telling its mails");
    try (var mails = new JsonLines.Writer<Mail>(run.mails())) {
      answer
          .text()
          .lines()
          .filter(line -> !line.isBlank())
          .forEach(line -> mails.append(JSON.readValue(line, Mail.class)));
    }
  }

  @Override
  public void close() {
    services.close();
    lock.lock();
    try {
      calls.close();
    } finally {
      lock.unlock();
    }
  }
}
