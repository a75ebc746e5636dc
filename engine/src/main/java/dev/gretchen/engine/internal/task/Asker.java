package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.DeadlinePassed;
import dev.gretchen.engine.NoAnswer;
import dev.gretchen.engine.internal.ask.Callee;
import dev.gretchen.engine.internal.ask.Question;
import dev.gretchen.engine.internal.ask.Replies;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// How a handler asks other agents: outside the event's transaction, as it would call a service,
/// for no longer than the event is this worker's and has time.
///
/// Confined to the activation.
final class Asker {

  private final @Nullable Replies replies;
  private final Waiting waiting;
  private final WhileOurs patience;
  private final QuestionKeys keys = new QuestionKeys();

  /// @param replies null where no agent of the app answers
  Asker(@Nullable Replies replies, Waiting waiting, WhileOurs patience) {
    this.replies = replies;
    this.waiting = waiting;
    this.patience = patience;
  }

  /// Asks, and waits for the answers.
  ///
  /// @param event that is handled
  /// @param isWhole whether it is all that is handled: a batch by itself is never the same again,
  ///   and what it asks has no key
  /// @throws NoAnswer if one of them has not come in time, or cannot come
  /// @throws dev.gretchen.engine.EventAbandoned if the task has ended meanwhile
  /// @throws DeadlinePassed if the event's time is up
  List<byte @Nullable []> ask(
      ConsumerRecord<byte[], byte[]> event,
      boolean isWhole,
      Callee callee,
      List<Question> questions,
      Duration within) {
    Replies asking = requireAnswering(callee, event);
    List<Question> keyed =
        isWhole
            ? questions.stream().map(question -> keys.keyed(event, callee, question)).toList()
            : questions;
    Duration left = waiting.timeLeft().orElse(within);
    boolean inTime = within.compareTo(left) <= 0;
    try {
      return asking.ask(callee, keyed, inTime ? within : left, patience);
    } catch (NoAnswer none) {
      patience.requireOurs();
      if (!inTime && none.why() == NoAnswer.Why.LATE) {
        throw new DeadlinePassed(Waiting.place(event), none);
      }
      throw none;
    }
  }

  private Replies requireAnswering(Callee callee, ConsumerRecord<byte[], byte[]> event) {
    Replies asking = replies;
    if (asking == null) {
      throw new IllegalStateException(
          callee
              + " is of another app than the event at "
              + Waiting.place(event)
              + ", whose handler asks it; an app asks agents of its own");
    }
    if (callee.topic().equals(event.topic())) {
      throw new IllegalStateException(
          callee
              + " reads topic "
              + event.topic()
              + ", and a handler of that topic asks it: the question could come to stand behind the very event that waits for its answer. Give the agent that is asked a topic of its own");
    }
    return asking;
  }

  /// An attempt begins anew.
  void clear() {
    keys.clear();
  }
}
