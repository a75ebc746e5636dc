package dev.gretchen.engine.internal.ask;

import dev.gretchen.engine.NoAnswer;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.surroundings.Monitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Some questions to an agent, from their asking to their end. Confined to the thread that asks.
final class Asking {

  private final Replies replies;
  private final Callee callee;
  private final Duration within;
  private final Patience patience;
  private final Monitor monitor;
  private final long untilNanos;
  private final Map<ByteKey, Call> asked = new LinkedHashMap<>();

  Asking(Replies replies, Callee callee, Duration within, Patience patience) {
    this.replies = replies;
    this.callee = callee;
    this.within = within;
    this.patience = patience;
    this.monitor = replies.surroundings().monitor();
    this.untilNanos = replies.surroundings().nanoTime() + within.toNanos();
  }

  /// @throws NoAnswer if one of them has none
  List<byte @Nullable []> ask(List<Question> questions) {
    if (!replies.awaitReady(patience, left())) {
      throw new NoAnswer(
          NoAnswer.Why.UNASKED,
          callee
              + " was not asked: "
              + (replies.isStopping()
                  ? "this worker stops"
                  : "this worker could not reach its reply topic within "
                      + within
                      + "; are the brokers there?"));
    }
    try {
      Round round = new Round(monitor, questions.size());
      for (Question question : questions) {
        if (round.isOver() || left().isZero()) {
          break;
        }
        ByteKey id = replies.nextId();
        Call call = new Call(round);
        asked.put(id, call);
        replies.send(callee.topic(), question, id, call);
      }
      patience.await(monitor, () -> round.isOver() || replies.isStopping(), left());
      return answers(questions.size());
    } finally {
      asked.keySet().forEach(replies::forget);
    }
  }

  private List<byte @Nullable []> answers(int questions) {
    List<byte @Nullable []> answers = new ArrayList<>();
    for (Call call : asked.values()) {
      Call.End end = call.end();
      if (end != null && end.failure() != null) {
        throw end.isUnsent() ? unsent(end.failure()) : failed(end.failure());
      }
      if (end != null) {
        answers.add(end.answer());
      }
    }
    if (answers.size() < questions) {
      throw late(answers.size(), questions);
    }
    return answers;
  }

  private NoAnswer unsent(String why) {
    return new NoAnswer(
        NoAnswer.Why.UNASKED,
        callee + " was not asked, the brokers did not take the question: " + why);
  }

  private NoAnswer failed(String why) {
    return new NoAnswer(
        NoAnswer.Why.FAILED,
        callee + " has failed at the question, which is a dead letter now: " + why);
  }

  private NoAnswer late(int answered, int questions) {
    return new NoAnswer(
        NoAnswer.Why.LATE,
        (questions == 1
                ? callee + " has not answered"
                : callee + " has answered " + answered + " of " + questions + " questions")
            + cause()
            + ". What was asked may still be handled");
  }

  private String cause() {
    if (replies.isStopping()) {
      return ", and this worker stops";
    }
    if (Thread.currentThread().isInterrupted()) {
      return ", and whoever asked was interrupted";
    }
    return " within "
        + within
        + "; it may be busy, or on its way to another worker: wait longer, or ask again";
  }

  private Duration left() {
    return Duration.ofNanos(Math.max(0, untilNanos - replies.surroundings().nanoTime()));
  }
}
