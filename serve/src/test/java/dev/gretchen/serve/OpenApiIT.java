package dev.gretchen.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.serve.internal.api.Api;
import dev.gretchen.serve.internal.api.RunQuery;
import dev.gretchen.serve.internal.campaign.Campaigns;
import dev.gretchen.serve.internal.http.Route;
import dev.gretchen.serve.internal.record.Archive;
import dev.gretchen.serve.internal.record.Live;
import dev.gretchen.verifier.progress.ProgressFile;
import dev.gretchen.verifier.soak.Campaign;
import dev.gretchen.verifier.soak.SoakFolder;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `openapi.json` is written by hand: here it is held against the routes, and each of its schemas
/// against what a server really answers.
class OpenApiIT {

  private static final JsonNode DESCRIPTION =
      JsonMapper.builder().build().readTree(Api.description());
  private static final SchemaCheck SCHEMAS = new SchemaCheck(DESCRIPTION);
  private static final List<String> FOREVER = List.of("sh", "-c", "sleep 300", "soak");

  @TempDir private Path runs;

  @Test
  void describesEachRouteAndNoOther() {
    List<String> described = new ArrayList<>();
    DESCRIPTION
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .propertyNames()
                .forEach(method ->
                    described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

    assertThat(described).containsExactlyInAnyOrderElementsOf(routes());
    assertThat(DESCRIPTION.path("openapi").asString()).isEqualTo("3.1.0");
  }

  private List<String> routes() {
    InstantSource clock = InstantSource.system();
    try (Archive archive = Archive.open(runs, clock);
        Campaigns campaigns = new Campaigns(runs, List.of(), clock)) {
      return new Api(archive, new Live(archive, clock), campaigns, Optional.empty(), clock)
          .routes().stream().map(OpenApiIT::words).toList();
    }
  }

  private static String words(Route route) {
    return route.method() + " " + route.pattern().replace("...}", "}");
  }

  @Test
  void namesEachParameterOfAQuestionForRuns() {
    List<String> expected = new ArrayList<>(RunQuery.FILTERS);
    expected.addAll(List.of("limit", "by"));

    for (String path : List.of("/api/runs", "/api/trends")) {
      assertThat(
              operation(path, "get")
                  .path("parameters")
                  .valueStream()
                  .map(parameter -> parameter.path("name").asString()))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void asksForTheTokenWhereSomethingIsChangedAndNowhereElse() {
    DESCRIPTION
        .path("paths")
        .properties()
        .forEach(path -> {
          assertThat(path.getValue().path("get").has("security")).as(path.getKey()).isFalse();
          assertThat(path.getValue().path("post").has("security"))
              .as(path.getKey())
              .isEqualTo(path.getValue().has("post"));
        });
  }

  @Test
  void saysWhatIsReallyAnswered() throws Exception {
    RunsOnDisk disk = new RunsOnDisk(runs);
    disk.passed(1, 200);
    disk.failed(2, "counted twice");
    Path begun = disk.at("").begun(3);
    SoakFolder soak =
        SoakFolder.create(
            runs, Campaign.shipped("pr"), 7, Duration.ZERO, Instant.ofEpochMilli(RunsOnDisk.START));
    ServeOptions options =
        new ServeOptions(
            runs, InetAddress.getLoopbackAddress(), 0, Optional.of(RecordServerIT.TOKEN), FOREVER);
    try (RecordServer server = RecordServer.open(options, InstantSource.system());
        ProgressFile run = new ProgressFile(begun, InstantSource.system());
        ProgressFile goesOn = new ProgressFile(soak.path(), InstantSource.system())) {
      run.said("load");
      goesOn.stands(0.5, "#1");
      Http http = new Http(server.address());

      for (String query : List.of("", "?limit=1", "?app=none")) {
        holds(http.get("/api/runs" + query), "/api/runs", "get");
      }
      for (String id : List.of("word-colors~run-1", "word-colors~run-2", "word-colors~run-3")) {
        holds(http.get("/api/runs/" + id), "/api/runs/{id}", "get");
      }
      holds(http.get("/api/runs/none"), "/api/runs/{id}", "get");
      holds(
          http.get("/api/compare?run=word-colors~run-1&run=word-colors~run-3"),
          "/api/compare",
          "get");
      holds(http.get("/api/compare?run=word-colors~run-1"), "/api/compare", "get");
      holds(http.get("/api/trends"), "/api/trends", "get");
      holds(http.get("/api/trends?by=hour"), "/api/trends", "get");
      JsonNode live = holds(http.get("/api/live"), "/api/live", "get");
      assertThat(live.path("runs").size()).isEqualTo(1);
      assertThat(live.path("soaks").size()).isEqualTo(1);
      campaigns(http, soak.path().getFileName().toString());
    }
  }

  private static void campaigns(Http http, String other) throws Exception {
    holds(http.get("/api/campaigns"), "/api/campaigns", "get");
    holds(http.post("/api/campaigns", "", "{}"), "/api/campaigns", "post");
    holds(http.post("/api/campaigns", RecordServerIT.TOKEN, "{}"), "/api/campaigns", "post");
    HttpResponse<String> started =
        http.post("/api/campaigns", RecordServerIT.TOKEN, "{\"campaign\": \"pr\"}");
    assertThat(started.statusCode()).isEqualTo(201);
    String name = holds(started, "/api/campaigns", "post").path("name").asString();
    holds(http.get("/api/campaigns/" + name), "/api/campaigns/{name}", "get");
    holds(http.get("/api/campaigns/none"), "/api/campaigns/{name}", "get");
    String stop = "/api/campaigns/{name}/stop";
    holds(http.post(stop.replace("{name}", other), RecordServerIT.TOKEN, ""), stop, "post");
    holds(http.post(stop.replace("{name}", name), RecordServerIT.TOKEN, ""), stop, "post");
    String resume = "/api/campaigns/{name}/resume";
    holds(http.post(resume.replace("{name}", "none"), RecordServerIT.TOKEN, ""), resume, "post");
  }

  /// The answer, whose status and content are as the description says.
  private static JsonNode holds(HttpResponse<String> answer, String path, String method) {
    JsonNode described =
        operation(path, method).path("responses").path(Integer.toString(answer.statusCode()));
    assertThat(described.isMissingNode())
        .as("a description of %s %s with status %d", method, path, answer.statusCode())
        .isFalse();
    JsonNode schema = described.at("/content/application~1json/schema");
    assertThat(schema.isObject()).as("a schema of " + path).isTrue();
    JsonNode value = Http.json(answer);
    assertThat(SCHEMAS.check(schema, value)).as("%s %s: %s", method, path, value).isEmpty();
    return value;
  }

  private static JsonNode operation(String path, String method) {
    return DESCRIPTION.path("paths").path(path).path(method);
  }
}
