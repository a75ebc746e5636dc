package dev.gretchen.serve.internal.api;

import dev.gretchen.serve.internal.campaign.Campaigns;
import dev.gretchen.serve.internal.http.Answer;
import dev.gretchen.serve.internal.http.Asked;
import dev.gretchen.serve.internal.http.Refused;
import dev.gretchen.serve.internal.http.Route;
import dev.gretchen.serve.internal.http.Token;
import dev.gretchen.serve.internal.record.Archive;
import dev.gretchen.serve.internal.record.Comparison;
import dev.gretchen.serve.internal.record.Live;
import dev.gretchen.serve.internal.record.RunFiles;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.record.RunsAnswer;
import dev.gretchen.verifier.soak.Campaign;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The REST API. What it can be asked stands in `openapi.json`.
public final class Api {

  /// Where all of it begins.
  public static final String ROOT = "/api/";

  private static final String DESCRIPTION = "/dev/gretchen/serve/openapi.json";
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final int CAMPAIGNS_MAX = 50;
  private static final long SEED_BELOW = 1_000_000_000;
  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;

  private final Archive archive;
  private final Live live;
  private final Campaigns campaigns;
  private final Optional<Token> token;
  private final InstantSource clock;
  private final RunFiles files;

  /// @param token that must be shown to change something; empty where nothing can be changed
  public Api(
      Archive archive, Live live, Campaigns campaigns, Optional<Token> token, InstantSource clock) {
    this.archive = archive;
    this.live = live;
    this.campaigns = campaigns;
    this.token = token;
    this.clock = clock;
    this.files = new RunFiles(archive);
  }

  /// All that can be asked.
  public List<Route> routes() {
    return List.of(
        Route.get("/api/runs", this::runs),
        Route.get("/api/runs/{id}", this::run),
        Route.get(
            "/api/runs/{id}/files/{file...}",
            asked -> files.answer(archive.entry(asked.name("id")), asked.name("file"))),
        Route.get("/api/compare", this::compare),
        Route.get("/api/trends", this::trends),
        Route.get("/api/live", _ -> Json.answer(Views.Now.of(live.now()))),
        Route.get("/api/live/events", _ -> new Answer.Events("live", this::liveState)),
        Route.get("/api/campaigns", _ -> Json.answer(campaigns())),
        Route.post("/api/campaigns", this::start),
        Route.get("/api/campaigns/{name}", asked -> Json.answer(campaign(asked))),
        Route.post("/api/campaigns/{name}/stop", this::stop),
        Route.post("/api/campaigns/{name}/resume", this::resume),
        Route.get("/api/openapi.json", _ -> Answer.json(200, description())),
        Route.get("/metrics", _ -> Answer.whole(200, METRICS_TYPE, metrics())));
  }

  /// The answer to what is refused.
  public static Answer refused(Refused why) {
    return Json.answer(why.status(), new Views.Failed(why.sentence()));
  }

  /// What goes on, on one line.
  public String liveState() {
    return Json.text(Views.Now.of(live.now()));
  }

  private Answer runs(Asked asked) {
    RunQuery query = RunQuery.of(asked, clock.millis());
    RunsAnswer answer = archive.ask(record -> RunsAnswer.of(record, query.filter(), query.limit()));
    return Json.answer(Views.Runs.of(answer));
  }

  private Answer run(Asked asked) {
    RecordedRun run = archive.run(asked.name("id"));
    return Json.answer(Views.Run.of(run, files.of(run.entry())));
  }

  private Answer compare(Asked asked) {
    return Json.answer(Views.Compared.of(comparison(archive, asked)));
  }

  /// The two runs that a question names by its parameter `run`.
  ///
  /// @throws Refused where it names one, or three
  public static Comparison comparison(Archive archive, Asked asked) {
    List<String> ids = asked.all("run");
    if (ids.size() != 2) {
      throw Refused.badRequest(
          "run: expected two runs to be compared, as in run=ID&run=ID, found " + ids.size());
    }
    return Comparison.of(archive.run(ids.getFirst()), archive.run(ids.getLast()));
  }

  private Answer trends(Asked asked) {
    RunQuery query = RunQuery.ofTrend(asked, clock.millis());
    return Json.answer(
        new Views.Trends(
            query.grouping().name().toLowerCase(Locale.ROOT),
            archive
                .ask(record -> record.trend(query.filter(), query.grouping(), query.limit()))
                .stream()
                .map(Views.Point::of)
                .toList()));
  }

  private String metrics() {
    return new Metrics(live.now()).text(archive);
  }

  // campaigns

  private Views.Campaigns campaigns() {
    return new Views.Campaigns(
        token.isPresent(),
        Campaign.SHIPPED,
        campaigns.all(CAMPAIGNS_MAX).stream().map(Views.Campaign::of).toList());
  }

  private Views.Campaign campaign(Asked asked) {
    return Views.Campaign.of(campaigns.named(asked.name("name")));
  }

  private Answer start(Asked asked) {
    Token.require(token, asked);
    Order order = Order.read(asked.body());
    long seed = order.seed().orElseGet(() -> RandomGenerator.getDefault().nextLong(SEED_BELOW));
    String name = campaigns.start(order.campaign(), order.length(), seed);
    return Json.answer(CREATED, Views.Campaign.of(campaigns.named(name)));
  }

  private Answer stop(Asked asked) {
    Token.require(token, asked);
    campaigns.stop(asked.name("name"));
    return Json.answer(ACCEPTED, campaign(asked));
  }

  private Answer resume(Asked asked) {
    Token.require(token, asked);
    campaigns.resume(asked.name("name"));
    return Json.answer(ACCEPTED, campaign(asked));
  }

  /// The text of `openapi.json`.
  public static String description() {
    try (InputStream in = Api.class.getResourceAsStream(DESCRIPTION)) {
      if (in == null) {
        throw new IllegalStateException(DESCRIPTION + " is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + DESCRIPTION, e);
    }
  }
}
