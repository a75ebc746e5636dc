package dev.gretchen.verifier.crowd;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.verifier.contract.ChatValue;
import dev.gretchen.verifier.history.SightingWriter;
import dev.gretchen.verifier.load.Audience;
import dev.gretchen.verifier.load.Chat;
import dev.gretchen.verifier.truth.Sighting;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The clients of a chat in a run: hundreds of real WebSockets to all of its workers, whatever
/// happens to these.
///
/// Posts are due by the plan of the [Audience], open loop; a client whose connection is lost goes
/// to the next worker that runs, a moment later; and now and then one moves without a cause.
/// Everything that a client does and sees goes into the history at once. Any thread.
public final class Crowd implements AutoCloseable {

  /// How long a client may hear nothing until it gives a connection up: it asks for a sign of life
  /// every second.
  public static final Duration SILENCE_MAX = Duration.ofSeconds(6);

  private static final Logger log = LoggerFactory.getLogger(Crowd.class);
  private static final Duration CONNECT_MAX = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration QUIET = Duration.ofSeconds(2);
  private static final long TICK_MILLIS = 5;
  private static final long LOOK_MILLIS = 1_000;
  private static final long BAN_MILLIS = 7_000;
  private static final long READ_MILLIS = 500;
  private static final long MOVE_MILLIS = 250;
  private static final Duration READ_MAX = Duration.ofSeconds(5);
  private static final long LATER_MILLIS = 300;
  private static final long COME_BACK_MILLIS = 50;
  private static final int DOUBLINGS_MAX = 5;
  private static final int TEXT_SHOWN_MAX = 200;

  private record Due(double atMillis, Member member, int post) {}

  private final Supplier<List<URI>> doors;
  private final SightingWriter history;
  private final InstantSource clock;
  private final Audience audience;
  private final List<Member> members = new ArrayList<>();
  private final ExecutorService hands = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(hands)
          .connectTimeout(CONNECT_MAX)
          .build();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("gretchen-crowd").daemon().factory());
  private final AtomicLong shownNanos = new AtomicLong(System.nanoTime());
  private final AtomicReference<@Nullable String> problem = new AtomicReference<>();
  private int reads; // by the timer alone, as the next
  private int moves;
  private volatile boolean resting = true;

  /// A crowd that does not move yet.
  ///
  /// @param doors where workers that run can be reached, by any of them; asked before each
  ///   connection
  public Crowd(
      Chat chat,
      int clients,
      Supplier<List<URI>> doors,
      SightingWriter history,
      InstantSource clock) {
    this.doors = doors;
    this.history = history;
    this.clock = clock;
    this.audience = chat.audience();
    for (int client = 0; client < clients; client++) {
      members.add(new Member(client, this, chat));
    }
  }

  /// Connects everybody and waits until all have joined their rooms.
  ///
  /// @throws EnvironmentFailure where they have not in time
  public void gather(Duration bound) throws InterruptedException {
    for (Member member : members) {
      connect(member);
    }
    timer.scheduleAtFixedRate(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    if (!awaitSettled(bound)) {
      throw new EnvironmentFailure(
          "Of "
              + members.size()
              + " clients only "
              + settled()
              + " have joined their rooms after "
              + bound.toSeconds()
              + " s");
    }
  }

  /// Begins to post; the first post is due from now on.
  public void begin() {
    resting = false;
    long startNanos = System.nanoTime();
    PriorityQueue<Due> next =
        new PriorityQueue<>((a, b) -> Double.compare(a.atMillis(), b.atMillis()));
    for (Member member : members) {
      next.add(new Due(audience.dueMillis(member.number(), 0), member, 0));
    }
    timer.scheduleAtFixedRate(
        () -> post(next, startNanos), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    long period = Audience.REREAD_PERIOD.toMillis();
    List<Member> rereaders = members.stream().filter(m -> audience.rereads(m.number())).toList();
    for (int i = 0; i < rereaders.size(); i++) {
      Member rereader = rereaders.get(i);
      every(period, period * i / rereaders.size(), rereader::reread);
    }
    every(BAN_MILLIS, BAN_MILLIS, members.getFirst()::banSomebody);
    every(READ_MILLIS, READ_MILLIS, this::read);
    every(MOVE_MILLIS, MOVE_MILLIS, () -> members.get(moves++ % members.size()).move());
  }

  /// One client after the other asks for the last posts of a room, at any worker.
  private void read() {
    Member reader = members.get(reads++ % members.size());
    Member.Question question = reader.question();
    List<URI> open = doors.get();
    if (question == null || open.isEmpty()) {
      return;
    }
    URI door = open.get(reads % open.size());
    URI asked =
        URI.create(
            "http://"
                + door.getAuthority()
                + "/rooms/"
                + question.name()
                + "/recent?seen="
                + question.seen());
    var _ =
        http.sendAsync(
                HttpRequest.newBuilder(asked).timeout(READ_MAX).build(),
                HttpResponse.BodyHandlers.ofByteArray())
            .thenAccept(answer -> {
              ChatValue.Recent recent =
                  answer.statusCode() == 200 ? ChatValue.recent(answer.body()) : null;
              if (recent != null) {
                reader.answered(question, recent);
              }
            });
  }

  private void every(long periodMillis, long firstMillis, Runnable action) {
    timer.scheduleAtFixedRate(
        () -> {
          if (!resting) {
            action.run();
          }
        },
        firstMillis,
        periodMillis,
        TimeUnit.MILLISECONDS);
  }

  private void post(PriorityQueue<Due> next, long startNanos) {
    double now = (System.nanoTime() - startNanos) / 1e6;
    for (Due due = next.peek();
        due != null && !resting && due.atMillis() <= now;
        due = next.peek()) {
      next.remove();
      due.member().post(due.post());
      int following = due.post() + 1;
      next.add(
          new Due(audience.dueMillis(due.member().number(), following), due.member(), following));
    }
  }

  /// Nobody posts any more; what is unanswered is still asked for.
  public void rest() {
    resting = true;
  }

  /// Waits until every client is connected, has joined its rooms and knows what became of its
  /// posts.
  ///
  /// @return whether that is so in time
  public boolean awaitSettled(Duration bound) throws InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (settled() < members.size()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(POLL);
    }
    return true;
  }

  /// Waits until nobody has been shown anything for a while.
  public void awaitQuiet(Duration bound) throws InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (System.nanoTime() - shownNanos.get() < QUIET.toNanos() && System.nanoTime() < deadline) {
      Thread.sleep(POLL);
    }
  }

  /// How many clients there are.
  public int size() {
    return members.size();
  }

  /// How many clients lack nothing.
  public long settled() {
    return members.stream().filter(Member::isSettled).count();
  }

  /// What a worker said that follows no form of the contract, a sentence; null while all did.
  public @Nullable String problem() {
    return problem.get();
  }

  private void connect(Member member) {
    List<URI> open = doors.get();
    Line line = member.dial();
    if (open.isEmpty()) {
      member.lost(line, Line.NO_CLOSE_FRAME, "no worker runs");
      return;
    }
    URI door = open.get((member.number() + member.attempts()) % open.size());
    var _ =
        http.newWebSocketBuilder()
            .connectTimeout(CONNECT_MAX)
            .buildAsync(door, line)
            .whenComplete((_, cause) -> {
              if (cause != null) {
                member.lost(line, Line.NO_CLOSE_FRAME, String.valueOf(cause.getMessage()));
              }
            });
  }

  /// A client comes back, the later the more often it has tried in vain.
  void comeBack(Member member, int attempts) {
    long millis = (COME_BACK_MILLIS << Math.min(attempts, DOUBLINGS_MAX)) + member.number() % 40;
    schedule(() -> connect(member), millis);
  }

  /// Does something a moment later.
  void later(Runnable action) {
    schedule(action, LATER_MILLIS);
  }

  private void schedule(Runnable action, long millis) {
    try {
      var _ = timer.schedule(action, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      log.debug("the crowd disperses");
    }
  }

  private void look() {
    for (Member member : members) {
      member.look(SILENCE_MAX.toNanos());
    }
    history.flush();
  }

  /// Epoch milliseconds.
  long now() {
    return clock.millis();
  }

  void saw(Sighting sighting) {
    history.append(sighting);
    if (sighting instanceof Sighting.Shown) {
      shownNanos.set(System.nanoTime());
    }
  }

  void notUnderstood(String text) {
    String shown = text.length() > TEXT_SHOWN_MAX ? text.substring(0, TEXT_SHOWN_MAX) + "…" : text;
    problem.compareAndSet(
        null, "A worker said to a client what the contract does not know: " + shown);
  }

  /// Everybody leaves.
  @Override
  public void close() {
    resting = true;
    timer.shutdownNow();
    members.forEach(Member::leave);
    http.shutdownNow();
    hands.close();
  }
}
