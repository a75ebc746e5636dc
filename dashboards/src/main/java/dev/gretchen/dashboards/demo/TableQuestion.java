package dev.gretchen.dashboards.demo;

import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.TableKind;
import dev.gretchen.verifier.run.LiveRun;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks any worker what a table holds for a word, as anybody may: whoever is asked finds the owner.
///
/// @param http to ask with
record TableQuestion(LiveRun run, HttpClient http) {

  private static final Duration BOUND = Duration.ofSeconds(2);

  /// The answer in words; who gave it, and where its changelog stood.
  String ask(String word) throws InterruptedException {
    Optional<AppDescriptor.Table> table =
        run.app().tables().stream().filter(kept -> kept.kind() == TableKind.COUNTS).findFirst();
    Optional<URI> anybody =
        run.workers().running().stream()
            .filter(worker -> !run.workers().isPaused(worker))
            .findFirst()
            .flatMap(worker -> run.workers().incarnation(worker))
            .map(process -> process.endpoint());
    if (table.isEmpty() || anybody.isEmpty()) {
      return "nobody can be asked";
    }
    String path =
        "/table/"
            + table.get().name()
            + "/"
            + URLEncoder.encode(word, StandardCharsets.UTF_8).replace("+", "%20");
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(anybody.get().resolve(path)).timeout(BOUND).build(),
              HttpResponse.BodyHandlers.ofString());
      return said(answer);
    } catch (IOException | JacksonException failure) {
      return "no answer: " + failure.getMessage();
    }
  }

  private static String said(HttpResponse<String> answer) {
    JsonNode node = JsonMapper.shared().readTree(answer.body());
    if (answer.statusCode() != 200) {
      return "status " + answer.statusCode() + ": " + node.path("error").asString("");
    }
    return "%s-%d holds %s; %s answered as %s, changelog position %d"
        .formatted(
            node.path("table").asString(""),
            node.path("partition").asInt(-1),
            node.path("text").asString("nothing"),
            node.path("worker").asString(""),
            node.path("role").asString(""),
            node.path("position").asLong(-1));
  }
}
