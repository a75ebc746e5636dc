package dev.gretchen.chaos.service;

import dev.gretchen.chaos.EnvironmentFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Stands before a service, real or not: records every call and, when told to, misbehaves.
///
/// What the service behind does is its own; what a caller sees is the front's. So a real service
/// can be made to show faults that it has no switch for, and a call is recorded alike whoever
/// answers it. Any thread.
public final class Front implements AutoCloseable {

  private static final Duration SILENCE_POLL = Duration.ofMillis(50);
  private static final long PATIENCE_NANOS = 10_000_000;
  private static final Duration REFUSED_BOUND = Duration.ofSeconds(5);
  private static final int REQUEST_CHARS_MAX = 300;
  private static final int ANSWER_CHARS_MAX = 600;
  private static final int ATTEMPT_CHARS_MAX = 100;

  private record Active(Script script, long since) {}

  private record Given(String id, Answer answer) {}

  private final ServiceKind kind;
  private final Backend backend;
  private final CallJournal journal;
  private final InstantSource clock;
  private final HttpListener listener;
  private final AtomicReference<@Nullable Active> active = new AtomicReference<>();
  private volatile @Nullable Given lastGood;

  Front(ServiceKind kind, int port, Backend backend, CallJournal journal, InstantSource clock) {
    this.kind = kind;
    this.backend = backend;
    this.journal = journal;
    this.clock = clock;
    this.listener = new HttpListener(kind.word(), port, this::serve);
  }

  void open() {
    listener.open();
  }

  /// What it stands before.
  public ServiceKind kind() {
    return kind;
  }

  /// Where callers find it.
  public URI address() {
    return URI.create("http://127.0.0.1:" + listener.port());
  }

  /// Asks the service itself: recorded nowhere, never misbehaving.
  ///
  /// @throws EnvironmentFailure where it does not answer
  public Answer direct(String method, String target, Map<String, String> headers, byte[] body)
      throws InterruptedException {
    try {
      return backend.answer(new Request(method, target, headers, body));
    } catch (IOException e) {
      throw new EnvironmentFailure(
          kind.word() + " does not answer " + method + " " + target + ": " + e, e);
    }
  }

  /// Misbehaves from now on.
  ///
  /// @param percent of the calls that suffer, where the misbehaviour is of single calls
  /// @param seed which calls, and by how much
  /// @return what it did at once, half a sentence; empty where it is for the calls to come
  public String misbehave(Misbehaviour misbehaviour, int percent, long seed)
      throws InterruptedException {
    active.set(new Active(new Script(misbehaviour, percent, seed), clock.millis()));
    if (!misbehaviour.closesPort()) {
      return "";
    }
    listener.refuse();
    int cut = listener.cut();
    awaitRefused();
    return "127.0.0.1:" + listener.port() + " refuses connections, " + cut + " were cut";
  }

  /// How many calls have suffered since it misbehaves.
  public long suffered() {
    Active now = active.get();
    return now == null ? 0 : now.script().bitten().get();
  }

  /// Behaves again.
  ///
  /// @return how many calls have suffered
  public long behave() {
    Active before = active.getAndSet(null);
    if (before == null) {
      return 0;
    }
    if (before.script().misbehaviour().closesPort()) {
      listener.open();
    }
    return before.script().bitten().get();
  }

  private void awaitRefused() throws InterruptedException {
    long deadline = System.nanoTime() + REFUSED_BOUND.toNanos();
    while (System.nanoTime() < deadline) {
      try (Socket probe = new Socket()) {
        probe.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()), 1_000);
      } catch (IOException _) {
        return;
      }
      Thread.sleep(SILENCE_POLL);
    }
    throw new EnvironmentFailure(
        "127.0.0.1:" + listener.port() + " still takes connections though nobody listens there");
  }

  private void serve(Request request, Reply reply) throws IOException, InterruptedException {
    long at = clock.millis();
    Active now = active.get();
    Outcome outcome = new Outcome(Call.CUT, null);
    try {
      if (now == null || !now.script().bites(at - now.since())) {
        outcome = good(request, reply);
      } else {
        Script script = now.script();
        script.bitten().incrementAndGet();
        outcome = new Outcome(script.misbehaviour().word(), null);
        outcome = suffer(script, request, reply);
      }
    } finally {
      journal.ended(call(request, at, outcome));
    }
  }

  /// @param given the answer that the caller was given as a whole, null where it was not
  private record Outcome(String fate, @Nullable Answer given) {}

  private Outcome good(Request request, Reply reply) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    Answer answer = backend.answer(request);
    // within less nobody goes away, and a look costs time too
    if (System.nanoTime() - begun > PATIENCE_NANOS && reply.isAlone()) {
      reply.reset();
      return new Outcome(Call.CUT, null);
    }
    reply.send(answer);
    if (answer.status() < 300) {
      lastGood = new Given(id(request), answer);
    }
    return new Outcome(Call.GOOD, answer);
  }

  private Outcome suffer(Script script, Request request, Reply reply)
      throws IOException, InterruptedException {
    String fate = script.misbehaviour().word();
    return switch (script.misbehaviour()) {
      case SLOW -> {
        Thread.sleep(script.delayMillis());
        if (reply.isAlone()) {
          reply.reset();
          yield new Outcome(fate, null);
        }
        yield new Outcome(fate, good(request, reply).given());
      }
      case ERRORS, THROTTLED -> {
        Answer refusal = script.refusal();
        reply.send(refusal);
        yield new Outcome(fate, refusal);
      }
      case REFUSED, OUTAGE, FLAPPING -> {
        reply.reset();
        yield new Outcome(fate, null);
      }
      case SILENT -> {
        Active mine = active.get();
        while (active.get() == mine && mine != null) {
          Thread.sleep(SILENCE_POLL);
        }
        reply.reset();
        yield new Outcome(fate, null);
      }
      case RESET -> {
        reply.sendHalf(backend.answer(request));
        yield new Outcome(fate, null);
      }
      case MALFORMED -> {
        Answer half = backend.answer(request).halved();
        reply.send(half);
        yield new Outcome(fate, half);
      }
      case ANSWER_LOST -> {
        var _ = backend.answer(request);
        reply.reset();
        yield new Outcome(fate, null);
      }
      case WRONG_ENTITY -> wrongEntity(script, request, reply);
    };
  }

  private Outcome wrongEntity(Script script, Request request, Reply reply)
      throws IOException, InterruptedException {
    Given other = lastGood;
    if (other == null || other.id().equals(id(request))) {
      // there is no other answer yet, so this call does not suffer after all
      script.bitten().decrementAndGet();
      return good(request, reply);
    }
    reply.send(other.answer());
    return new Outcome(Misbehaviour.WRONG_ENTITY.word(), other.answer());
  }

  private String id(Request request) {
    return request.headers().getOrDefault(kind.idHeader(), "");
  }

  private Call call(Request request, long at, Outcome outcome) {
    Answer given = outcome.given();
    return new Call(
        kind.word(),
        at,
        clock.millis(),
        id(request),
        shorten(request.headers().getOrDefault(Call.ATTEMPT_HEADER, ""), ATTEMPT_CHARS_MAX),
        shorten(
            request.method() + " " + request.target() + " " + request.text(), REQUEST_CHARS_MAX),
        outcome.fate(),
        given == null ? 0 : given.status(),
        given == null ? "" : shorten(given.text(), ANSWER_CHARS_MAX));
  }

  private static String shorten(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max);
  }

  @Override
  public void close() {
    listener.close();
  }
}
