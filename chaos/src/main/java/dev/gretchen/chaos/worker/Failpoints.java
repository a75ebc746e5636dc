package dev.gretchen.chaos.worker;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The failpoints of one worker's process: named places in its engine that can be made to pause or
/// to halt. Stateless; any thread.
public final class Failpoints {
  private static final Duration POLL = Duration.ofMillis(20);

  private final Endpoint endpoint;

  Failpoints(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /// What an armed failpoint does to the thread that reaches it.
  public enum Action {
    /// Holds the thread until released.
    PAUSE,
    /// Ends the process with status 137; tell [Workers#expectExit] first.
    HALT;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param hits how often it was reached
  /// @param armed `pause`, `halt` or `off`
  public record Failpoint(String name, long hits, String armed, boolean paused) {}

  /// All failpoints that the process knows.
  ///
  /// @throws IOException where it does not answer, or has none
  public List<Failpoint> list() throws IOException, InterruptedException {
    HttpResponse<String> response = endpoint.get("/failpoints");
    require(response, "GET /failpoints");
    try {
      List<Failpoint> failpoints = new ArrayList<>();
      for (JsonNode node : JsonMapper.shared().readTree(response.body())) {
        failpoints.add(
            new Failpoint(
                node.path("name").asString(""),
                node.path("hits").asLong(0),
                node.path("armed").asString("off"),
                node.path("paused").asBoolean(false)));
      }
      return failpoints;
    } catch (JacksonException e) {
      throw new IOException("GET /failpoints answered no JSON: " + response.body(), e);
    }
  }

  /// Arms it for its `after`-th hit from now.
  ///
  /// @throws IOException where the process refuses or does not answer
  public void arm(String name, Action action, int after) throws IOException, InterruptedException {
    post(name, action.word() + "&after=" + after);
  }

  /// Disarms it and lets a paused thread go on.
  ///
  /// @throws IOException where the process refuses or does not answer
  public void release(String name) throws IOException, InterruptedException {
    post(name, "off");
  }

  /// Waits until a thread is paused there.
  ///
  /// @return empty where none is in time, or the process has ended
  public Optional<Failpoint> awaitPaused(String name, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        Optional<Failpoint> paused =
            list().stream().filter(f -> f.name().equals(name) && f.paused()).findFirst();
        if (paused.isPresent()) {
          return paused;
        }
      } catch (IOException _) {
        // it is starting, or gone: only time tells
      }
      Thread.sleep(POLL);
    }
    return Optional.empty();
  }

  private void post(String name, String action) throws IOException, InterruptedException {
    String path = "/failpoints/" + name + "?action=" + action;
    require(endpoint.post(path), "POST " + path);
  }

  private static void require(HttpResponse<String> response, String what) throws IOException {
    if (response.statusCode() / 100 != 2) {
      throw new IOException(what + " was answered with " + response.statusCode());
    }
  }
}
