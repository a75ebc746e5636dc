package dev.gretchen.verifier.run;

import dev.gretchen.chaos.proxy.Entrances;
import dev.gretchen.chaos.worker.Workers;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.crowd.Crowd;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.history.SightingWriter;
import dev.gretchen.verifier.load.LoadPlan;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The clients of a run, where its app is a chat; nobody where it is none.
final class Visitors implements AutoCloseable {

  private static final Duration GATHER_BOUND = Duration.ofSeconds(60);
  private static final Duration SETTLE_BOUND = Duration.ofSeconds(45);
  private static final Duration QUIET_BOUND = Duration.ofSeconds(30);
  private static final String PATH = "/chat";

  private final @Nullable SightingWriter history;
  private final @Nullable Crowd crowd;

  private Visitors(@Nullable SightingWriter history, @Nullable Crowd crowd) {
    this.history = history;
    this.crowd = crowd;
  }

  static Visitors of(
      AppDescriptor app,
      LoadPlan plan,
      RunDirectory run,
      Supplier<List<URI>> doors,
      InstantSource clock) {
    AppDescriptor.Chat chat = app.outside().chat();
    if (chat == null) {
      return new Visitors(null, null);
    }
    SightingWriter history = new SightingWriter(run);
    return new Visitors(history, new Crowd(plan.chat(), chat.clients(), doors, history, clock));
  }

  /// Where clients come in to the workers that run.
  static List<URI> doors(Workers workers, Entrances entrances) {
    return workers.running().stream()
        .map(worker -> URI.create("ws://127.0.0.1:" + entrances.of(worker).port() + PATH))
        .toList();
  }

  /// The moderators' token of a run.
  static String token(long seed) {
    return "gretchen-" + Hex16.of(Mix.mix(seed));
  }

  /// Connects all clients before the load begins.
  void gather(Screen screen) throws InterruptedException {
    if (crowd != null) {
      screen.say("clients connecting " + crowd.size());
      crowd.gather(GATHER_BOUND);
    }
  }

  /// They begin to post.
  void begin() {
    if (crowd != null) {
      crowd.begin();
    }
  }

  /// They post no more.
  void rest() {
    if (crowd != null) {
      crowd.rest();
    }
  }

  /// Waits until they are all connected and know what became of their posts; whoever is not then
  /// will lack something, which is the judge's to tell.
  void settle() throws InterruptedException {
    if (crowd != null) {
      var _ = crowd.awaitSettled(SETTLE_BOUND);
    }
  }

  /// Waits until they have seen all there is.
  ///
  /// @return what went wrong, a sentence each
  List<String> finish() throws InterruptedException {
    if (crowd == null) {
      return List.of();
    }
    crowd.awaitQuiet(QUIET_BOUND);
    crowd.close();
    String problem = crowd.problem();
    return problem == null ? List.of() : List.of(problem);
  }

  @Override
  public void close() {
    if (crowd != null) {
      crowd.close();
    }
    if (history != null) {
      history.close();
    }
  }
}
