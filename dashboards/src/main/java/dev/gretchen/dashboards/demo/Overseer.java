package dev.gretchen.dashboards.demo;

import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.worker.Workers;
import dev.gretchen.dashboards.live.LiveEvent;
import dev.gretchen.dashboards.live.LiveEvent.Standing;
import dev.gretchen.verifier.check.InputTask;
import dev.gretchen.verifier.run.LiveRun;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Looks at processes, asks those that recover how far they are, and tells how the load stands;
/// several times a second, on one named thread. A worker that is paused or down is asked nothing.
final class Overseer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Overseer.class);
  private static final Duration EVERY = Duration.ofMillis(400);
  private static final Duration ANSWER_BOUND = Duration.ofSeconds(1);

  private final LiveRun run;
  private final Hub hub;
  private final TargetsFile targets;
  private final InstantSource clock;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_BOUND)
          .build();
  private final Thread thread =
      Thread.ofPlatform().name("gretchen-overseer").daemon().unstarted(this::oversee);
  private final Set<String> known = new HashSet<>();
  private int questions;

  Overseer(LiveRun run, Hub hub, TargetsFile targets, InstantSource clock) {
    this.run = run;
    this.hub = hub;
    this.targets = targets;
    this.clock = clock;
  }

  void start() {
    thread.start();
  }

  private void oversee() {
    try {
      while (true) {
        try {
          look();
        } catch (RuntimeException gone) {
          // a worker may end, or be taken away, between one look and the next: the next sees it
          LOG.atDebug().addKeyValue("cause", gone.toString()).log("looked at in vain");
        }
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  private void look() throws InterruptedException {
    Workers workers = run.workers();
    List<String> names = workers.names();
    for (String worker : names) {
      hub.accept(new LiveEvent.WorkerStands(clock.millis(), worker, standing(worker)));
    }
    for (String gone : Set.copyOf(known)) {
      if (!names.contains(gone)) {
        known.remove(gone);
        hub.accept(new LiveEvent.WorkerGone(clock.millis(), gone));
      }
    }
    known.addAll(names);
    if (run.cluster().brokerFaults() instanceof BrokerFaults.Supported(var brokers)) {
      for (int id : brokers.ids()) {
        Standing standing = brokers.isAlive(id) ? Standing.RUNNING : Standing.DOWN;
        hub.accept(new LiveEvent.BrokerStands(clock.millis(), id, standing));
      }
    }
    hub.accept(new LiveEvent.LoadStands(clock.millis(), run.load().sent(), run.load().rate()));
    for (String worker : hub.ask(state -> state.recovering())) {
      askForRecoveries(worker);
    }
    Optional<String> word = hub.ask(state -> state.wordToAskFor());
    if (word.isPresent()) {
      TableQuestion.Answer answer = new TableQuestion(run, http).ask(word.get(), questions++);
      hub.accept(new LiveEvent.Answered(clock.millis(), word.get(), answer.text(), answer.holds()));
    }
    targets.write(run.app().name(), workers);
  }

  private Standing standing(String worker) throws InterruptedException {
    try {
      if (!run.workers().isRunning(worker)) {
        return Standing.DOWN;
      }
      if (run.workers().isPaused(worker)) {
        return Standing.PAUSED;
      }
      return run.workers().isReady(worker) ? Standing.RUNNING : Standing.STARTING;
    } catch (IllegalStateException | IllegalArgumentException _) {
      // it has ended, or was taken away, between one look and the other
      return Standing.DOWN;
    }
  }

  private void askForRecoveries(String worker) throws InterruptedException {
    if (!run.workers().names().contains(worker) || !run.workers().isRunning(worker)) {
      return;
    }
    Optional<URI> endpoint =
        run.workers().incarnation(worker).map(process -> process.endpoint().resolve("/status"));
    if (endpoint.isEmpty() || run.workers().isPaused(worker)) {
      return;
    }
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(endpoint.get()).timeout(ANSWER_BOUND).build(),
              HttpResponse.BodyHandlers.ofString());
      JsonNode recoveries = JsonMapper.shared().readTree(answer.body()).path("recoveries");
      for (Map.Entry<String, JsonNode> recovery : recoveries.properties()) {
        InputTask task = InputTask.parse(recovery.getKey());
        if (task != null) {
          hub.accept(
              new LiveEvent.Recovers(
                  clock.millis(),
                  task,
                  recovery.getValue().path("of").asLong(0),
                  recovery.getValue().path("missing").asLong(0)));
        }
      }
    } catch (IOException | JacksonException silent) {
      LOG.atDebug().addKeyValue("worker", worker).addKeyValue("cause", silent).log("no answer");
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    http.shutdownNow();
  }
}
