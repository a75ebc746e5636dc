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
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks any worker what a table holds for a word, as anybody may: whoever is asked finds the owner.
///
/// @param http to ask with
record TableQuestion(LiveRun run, HttpClient http) {

  private static final Duration BOUND = Duration.ofSeconds(2);

  /// @param text in words; who gave it, and where its changelog stood
  /// @param holds whether it says what the table holds, or else why nobody said so
  record Answer(String text, boolean holds) {}

  /// Asks one of those that run.
  ///
  /// @param turn which of them: the next one's with each question
  Answer ask(String word, int turn) throws InterruptedException {
    Optional<AppDescriptor.Table> table =
        run.app().tables().stream().filter(kept -> kept.kind() == TableKind.COUNTS).findFirst();
    List<String> running =
        run.workers().running().stream().filter(worker -> !run.workers().isPaused(worker)).toList();
    Optional<URI> anybody =
        running.isEmpty()
            ? Optional.empty()
            : run.workers()
                .incarnation(running.get(Math.floorMod(turn, running.size())))
                .map(process -> process.endpoint());
    if (table.isEmpty() || anybody.isEmpty()) {
      return new Answer("nobody can be asked", false);
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
      return new Answer("no answer: " + failure.getMessage(), false);
    }
  }

  private static Answer said(HttpResponse<String> answer) {
    JsonNode node = JsonMapper.shared().readTree(answer.body());
    if (answer.statusCode() != 200) {
      return new Answer(
          "status " + answer.statusCode() + ": " + node.path("error").asString(""), false);
    }
    String text =
        "%s-%d holds %s; %s answered as %s, changelog position %d"
            .formatted(
                node.path("table").asString(""),
                node.path("partition").asInt(-1),
                node.path("text").asString("nothing"),
                node.path("worker").asString(""),
                node.path("role").asString(""),
                node.path("position").asLong(-1));
    return new Answer(text, true);
  }
}
