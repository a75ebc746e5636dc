package dev.gretchen.engine;

import dev.gretchen.engine.internal.ask.Callee;
import dev.gretchen.engine.internal.ask.Question;
import dev.gretchen.engine.internal.task.CurrentEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An agent that answers. Made by [App#answering].
///
/// A question is an event of its topic as any other, and its answer an effect of that event.
/// Whoever asks waits for it, with a bound: a handler by [#ask], anybody else by [Worker#ask].
///
/// **A question of a handler is a call to the outside**, as one by HTTP is: it leaves at once and
/// not with the handler's effects, or nobody could ever answer while the handler waits. So where
/// the handler is tried again, or its event changes hands, it asks again, and the question is
/// handled again: ask what may be asked twice, or have the agent that answers look at
/// [Event#idempotencyKey], which is the same each time. What the handler makes of the answer is an
/// effect as any other, and counts once.
///
/// @param <K> type of the keys
/// @param <V> type of the questions
/// @param <R> type of the answers
public final class Answering<K, V, R> {

  /// The reply topic keeps nothing for longer.
  private static final Duration WITHIN_MAX = Duration.ofHours(1);

  private static final Duration WITHIN_MIN = Duration.ofMillis(1);

  private final Agent<K, V> agent;
  private final Topic<K, V> questions;
  private final Codec<R> answers;

  Answering(Agent<K, V> agent, Topic<K, V> questions, Codec<R> answers) {
    this.agent = agent;
    this.questions = questions;
    this.answers = answers;
  }

  /// The agent, to declare tables and lanes with, and what follows a failure.
  public Agent<K, V> agent() {
    return agent;
  }

  /// Asks, in a handler, and waits for the answer. The wait ends early when the event is no longer
  /// this worker's or its time is up.
  ///
  /// With one event at a time the partition waits too, so give agents that ask a concurrency.
  /// Agents that ask each other can wait for each other, until their time is up.
  ///
  /// @param within 1 ms to an hour
  /// @return empty if the agent has no answer
  /// @throws NoAnswer if none has come in time, or cannot come; a failure of the handler as any, if
  ///   it lets that pass
  /// @throws EventAbandoned if the worker has lost the partition or stopped meanwhile
  /// @throws DeadlinePassed if the time that the [FailurePolicy] allows is up
  /// @throws IllegalStateException outside a handler, and in one of the very topic whose agent is
  ///   asked
  public Optional<R> ask(K key, V value, Duration within) {
    return askAll(List.of(Map.entry(key, value)), within).getFirst();
  }

  /// As [#ask], many questions at once.
  ///
  /// @param asked by key, in any order, a key as often as it may be
  /// @param within for all of them, 1 ms to an hour
  /// @return the answers in the order of the questions
  public List<Optional<R>> askAll(List<Map.Entry<K, V>> asked, Duration within) {
    requireBound(within);
    if (!CurrentEvent.isHandling()) {
      throw new IllegalStateException(
          callee()
              + " is asked by Answering.ask inside a handler, on the handler's own thread; elsewhere ask by Worker.ask");
    }
    return decoded(CurrentEvent.required("ask").ask(callee(), encoded(asked), within));
  }

  Callee callee() {
    return new Callee(agent.name(), questions.name());
  }

  /// @throws IllegalArgumentException naming what is too short or too long
  void requireBound(Duration within) {
    if (within.compareTo(WITHIN_MIN) < 0 || within.compareTo(WITHIN_MAX) > 0) {
      throw new IllegalArgumentException(
          callee() + ": an answer is waited for from 1 ms to 1 hour, found " + within);
    }
  }

  List<Question> encoded(List<Map.Entry<K, V>> asked) {
    return asked.stream()
        .map(question ->
            new Question(
                questions.keys().encode(question.getKey()),
                questions.values().encode(question.getValue())))
        .toList();
  }

  /// @throws NoAnswer if one of them cannot be read
  List<Optional<R>> decoded(List<byte @Nullable []> found) {
    List<Optional<R>> decoded = new ArrayList<>();
    for (byte @Nullable [] answer : found) {
      decoded.add(answer == null ? Optional.empty() : Optional.of(decoded(answer)));
    }
    return decoded;
  }

  private R decoded(byte[] answer) {
    try {
      return answers.decode(answer);
    } catch (RuntimeException undecodable) {
      throw new NoAnswer(
          NoAnswer.Why.FAILED,
          callee()
              + " has answered, and the answer cannot be read: "
              + undecodable
              + ". Does every worker run the same version of the app?",
          undecodable);
    }
  }
}
