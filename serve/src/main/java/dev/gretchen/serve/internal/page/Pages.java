package dev.gretchen.serve.internal.page;

import dev.gretchen.serve.internal.api.Api;
import dev.gretchen.serve.internal.api.RunQuery;
import dev.gretchen.serve.internal.campaign.Campaigns;
import dev.gretchen.serve.internal.http.Answer;
import dev.gretchen.serve.internal.http.Asked;
import dev.gretchen.serve.internal.http.Refused;
import dev.gretchen.serve.internal.http.Route;
import dev.gretchen.serve.internal.record.Archive;
import dev.gretchen.serve.internal.record.Live;
import dev.gretchen.serve.internal.record.RunFiles;
import dev.gretchen.verifier.progress.Progress;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.record.RunsAnswer;
import dev.gretchen.verifier.report.Stylesheet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The pages for people.
public final class Pages {

  private static final int CAMPAIGNS_MAX = 50;

  private final Archive archive;
  private final Live live;
  private final Campaigns campaigns;
  private final boolean canStart;
  private final InstantSource clock;
  private final RunFiles files;

  /// @param canStart whether this server starts campaigns at all
  public Pages(
      Archive archive, Live live, Campaigns campaigns, boolean canStart, InstantSource clock) {
    this.archive = archive;
    this.live = live;
    this.campaigns = campaigns;
    this.canStart = canStart;
    this.clock = clock;
    this.files = new RunFiles(archive);
  }

  /// All that can be asked.
  public List<Route> routes() {
    return List.of(
        Route.get("/", this::index),
        Route.get("/runs/{id}", this::run),
        Route.get(
            "/runs/{id}/files/{file...}",
            asked -> files.answer(archive.entry(asked.name("id")), asked.name("file"))),
        Route.get("/compare", asked -> page(ComparePage.render(Api.comparison(archive, asked)))),
        Route.get("/trends", this::trends),
        Route.get("/live", _ -> page(LivePage.render(live.now()))),
        Route.get("/live/events", _ -> new Answer.Events("live", this::livePart)),
        Route.get("/campaigns", _ -> campaigns()),
        Route.get("/assets/serve.css", _ -> asset("text/css; charset=utf-8", style())),
        Route.get(
            "/assets/serve.js", _ -> asset("text/javascript; charset=utf-8", read("serve.js"))));
  }

  /// The answer to what is refused.
  public static Answer refused(Refused why) {
    return Answer.html(why.status(), IndexPage.refusal(why.status(), why.sentence()));
  }

  private static Answer page(String html) {
    return Answer.html(200, html);
  }

  private Answer index(Asked asked) {
    RunQuery query = RunQuery.of(asked, clock.millis());
    return page(
        archive.ask(record ->
            IndexPage.render(
                asked, record.choices(), RunsAnswer.of(record, query.filter(), query.limit()))));
  }

  private Answer run(Asked asked) {
    RecordedRun run = archive.run(asked.name("id"));
    Optional<Progress> progress =
        live.now().runs().stream()
            .filter(each -> each.run().path().equals(run.entry().path()))
            .map(Live.LiveRun::progress)
            .findFirst();
    return page(new RunPage(run, files.of(run.entry()), progress).render());
  }

  private Answer trends(Asked asked) {
    RunQuery query = RunQuery.ofTrend(asked, clock.millis());
    return page(
        archive.ask(record ->
            TrendsPage.render(
                asked,
                record.choices(),
                record.trend(query.filter(), query.grouping(), query.limit()),
                query.grouping())));
  }

  private Answer campaigns() {
    return page(CampaignsPage.render(campaigns.all(CAMPAIGNS_MAX), canStart));
  }

  private String livePart() {
    return LivePage.part(live.now());
  }

  private static Answer asset(String type, String text) {
    return Answer.whole(200, type, text);
  }

  private static String style() {
    return Stylesheet.css() + read("serve.css");
  }

  private static String read(String name) {
    String path = "/dev/gretchen/serve/" + name;
    try (InputStream in = Pages.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(path + " is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }
}
