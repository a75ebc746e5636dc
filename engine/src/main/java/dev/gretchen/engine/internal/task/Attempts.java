package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.DeadlinePassed;
import dev.gretchen.engine.EffectTooLarge;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.internal.store.StoreUnavailable;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the handlers of a task's events, and does what their policy says where one fails: again
/// after a pause, the dead letter, or the end of the worker. Confined to the task's activation.
final class Attempts {

  /// A chain of causes may be a ring.
  private static final int CAUSES_MAX = 20;

  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final Task task;
  private final TaskContext context;
  private final CurrentEvent current;
  private final Waiting waiting;
  private final Overtime overtime;
  private final TopicPartition input;
  private final List<AgentSpec> agents;
  private final FailurePolicy policy;

  /// Whether events may be questions.
  private final boolean answers;

  /// Of the event at hand, or the batch, one for each agent.
  private final List<AgentSpec.Call> calls = new ArrayList<>();

  /// @param beside whether others are under way beside it, in threads that may block for long
  Attempts(Task task, TaskContext context, CurrentEvent current, Waiting waiting, boolean beside) {
    this.task = task;
    this.context = context;
    this.current = current;
    this.waiting = waiting;
    this.overtime = new Overtime(context.surroundings(), beside);
    this.input = task.id().input();
    this.agents = context.topology().agents(task.id().topic());
    this.policy = strictest(agents);
    this.answers = context.topology().streams().answering().containsKey(task.id().topic());
  }

  /// Why an event or a batch has failed for good.
  ///
  /// @param isTime whether nothing more may be tried
  private record Failure(String reason, Throwable cause, boolean isTime) {}

  /// Runs the handlers of one event, again where the policy says so; returns a dead letter where
  /// they failed for good.
  @Nullable Output of(ConsumerRecord<byte[], byte[]> record) throws Abandoned {
    TaskContext.Refusal refusal = context.poisoned().refusal(input, record.offset());
    if (refusal != null) {
      return refused(record, refusal);
    }
    calls.clear();
    for (AgentSpec agent : agents) {
      try {
        calls.add(agent.reader().read(record));
      } catch (RuntimeException undecodable) {
        return failed(record, undecodable(agent, undecodable));
      }
    }
    Failure failure = run(record);
    return failure == null ? null : failed(record, failure);
  }

  /// As [#of(ConsumerRecord)], of a window that closes.
  ///
  /// @param stand the record that stands for it
  /// @param name says in a dead letter what has failed
  /// @param whole the same record with all that a dead letter is to hold
  @Nullable Output ofClosing(
      ConsumerRecord<byte[], byte[]> stand,
      String name,
      AgentSpec.Call call,
      Supplier<ConsumerRecord<byte[], byte[]>> whole)
      throws Abandoned {
    TaskContext.Refusal refusal = context.poisoned().refusal(input, stand.offset());
    if (refusal != null) {
      return refused(whole.get(), refusal);
    }
    calls.clear();
    calls.add(call);
    Failure failure = run(stand);
    return failure == null
        ? null
        : failed(
            whole.get(),
            new Failure(name + ": " + failure.reason(), failure.cause(), failure.isTime()));
  }

  /// As [#of(ConsumerRecord)], of events that are handled together. What cannot be decoded, or was
  /// refused, is put aside before.
  ///
  /// @return the dead letters; null where several have failed for good, and each is to be handled
  ///   by itself
  @Nullable List<Output> of(List<ConsumerRecord<byte[], byte[]>> records) throws Abandoned {
    if (records.size() == 1) {
      Output letter = of(records.getFirst());
      return letter == null ? List.of() : List.of(letter);
    }
    calls.clear();
    List<AgentSpec.Batch> batches = new ArrayList<>();
    agents.forEach(agent -> batches.add(agent.reader().batch()));
    calls.addAll(batches);
    List<ConsumerRecord<byte[], byte[]>> members = new ArrayList<>();
    Map<ConsumerRecord<byte[], byte[]>, Failure> aside = new LinkedHashMap<>();
    List<Output> letters = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      TaskContext.Refusal refusal = context.poisoned().refusal(input, record.offset());
      Failure undecodable = refusal == null ? join(batches, record) : null;
      if (refusal != null) {
        letters.add(refused(record, refusal));
      } else if (undecodable != null) {
        aside.put(record, undecodable);
      } else {
        members.add(record);
      }
    }
    Failure failure = members.isEmpty() ? null : run(members.getLast());
    if (failure != null && !failure.isTime()) {
      return null;
    }
    if (failure != null) {
      members.forEach(member -> aside.put(member, failure));
    }
    aside.forEach((record, why) -> letters.add(deadLetter(record, why)));
    return letters;
  }

  private @Nullable Failure join(
      List<AgentSpec.Batch> batches, ConsumerRecord<byte[], byte[]> record) {
    List<Runnable> additions = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      try {
        additions.add(batches.get(i).read(record));
      } catch (RuntimeException undecodable) {
        return undecodable(agents.get(i), undecodable);
      }
    }
    additions.forEach(Runnable::run);
    return null;
  }

  private static Failure undecodable(AgentSpec agent, RuntimeException cause) {
    return new Failure("agent " + agent.name() + " cannot decode it: " + cause, cause, false);
  }

  /// Runs the calls until they return or have failed for good.
  ///
  /// @param record stands for all of a batch
  private @Nullable Failure run(ConsumerRecord<byte[], byte[]> record) throws Abandoned {
    waiting.begin(policy instanceof FailurePolicy.DeadLetter patient ? patient.deadline() : null);
    for (int attempt = 0; ; attempt++) {
      Throwable failure = null;
      overtime.begin(waiting.deadlineNanos());
      try {
        for (AgentSpec.Call call : calls) {
          call.run();
        }
      } catch (Exception | StackOverflowError | AssertionError thrown) {
        failure = thrown;
      }
      if (overtime.end()) {
        failure = new DeadlinePassed(Waiting.place(record), failure);
      }
      if (failure == null) {
        return null;
      }
      context.parts().failedAttempt().drop(current);
      Failure forGood = afterFailure(record, attempt, failure);
      if (forGood != null) {
        return forGood;
      }
    }
  }

  private @Nullable Failure afterFailure(
      ConsumerRecord<byte[], byte[]> record, int attempt, Throwable failure) throws Abandoned {
    if (task.isVoid()) {
      // a failure of what no longer counts is no reason for anything
      throw new Abandoned();
    }
    if (isOfTheStore(failure)) {
      // the disk is at fault and not the event: whoever takes over has another copy of the table
      context
          .fatal()
          .accept(
              new IllegalStateException(
                  "the local store failed a handler at " + task.id() + "@" + record.offset(),
                  failure));
      task.drain();
      throw new Abandoned();
    }
    return switch (policy) {
      case FailurePolicy.StopWorker _ -> {
        context
            .fatal()
            .accept(
                new IllegalStateException(
                    "a handler failed at "
                        + task.id()
                        + "@"
                        + record.offset()
                        + " and its policy is to stop",
                    failure));
        task.drain();
        throw new Abandoned();
      }
      case FailurePolicy.DeadLetter patient -> {
        if (attempt >= patient.retries()
            || failure instanceof EffectTooLarge
            || failure instanceof DeadlinePassed) {
          yield new Failure(
              "handler failed: " + failure, failure, failure instanceof DeadlinePassed);
        }
        Duration pause = patient.pause(attempt, chance(patient));
        if (waiting.timeLeft().map(left -> left.compareTo(pause) <= 0).orElse(false)) {
          yield new Failure("handler failed, and the time is up: " + failure, failure, true);
        }
        context.meters().retried();
        if (waiting.await(() -> task.stage() != Task.Stage.RUNNING, pause)) {
          throw new Abandoned();
        }
        yield null;
      }
    };
  }

  /// The task has ended: a handler that blocks is not to go on. Any thread.
  void abandon() {
    overtime.abandon();
  }

  private double chance(FailurePolicy.DeadLetter policyAtHand) {
    return policyAtHand.jitter() == 0 ? 0 : context.surroundings().random().nextDouble();
  }

  /// Whether the store failed, however a handler has wrapped it.
  private static boolean isOfTheStore(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
      if (cause instanceof StoreUnavailable) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private Output failed(ConsumerRecord<byte[], byte[]> record, Failure failure) {
    current.discard();
    tellWhoAsked(failure.reason());
    return deadLetter(record, failure);
  }

  private Output deadLetter(ConsumerRecord<byte[], byte[]> record, Failure failure) {
    LOG.atWarn()
        .addKeyValue("source", task.id() + "@" + record.offset())
        .addKeyValue("reason", failure.reason())
        .log("event goes to the dead-letter topic");
    context.meters().deadLettered();
    return DeadLetter.of(
        context.topology().deadLetterTopic(),
        record,
        failure.reason(),
        DeadLetter.stackOf(failure.cause()),
        context.recordBytesMax());
  }

  /// The dead letter of an event whose effects the brokers refused; its handlers do not run.
  private Output refused(ConsumerRecord<byte[], byte[]> record, TaskContext.Refusal refusal) {
    String topic = context.topology().deadLetterTopic();
    if (!refusal.deadLetterToo()) {
      tellWhoAsked(refusal.reason());
    }
    return refusal.deadLetterToo()
        ? DeadLetter.withoutContent(topic, record, refusal.reason())
        : DeadLetter.of(topic, record, refusal.reason(), "", context.recordBytesMax());
  }

  /// That a question has failed for good is its answer.
  private void tellWhoAsked(String reason) {
    if (answers) {
      current.replyFailure(Topology.repliesTopic(context.topology().app()), reason);
    }
  }

  private static FailurePolicy strictest(List<AgentSpec> agents) {
    return agents.stream()
        .map(AgentSpec::policy)
        .min(Comparator.comparingInt(Attempts::patience))
        .orElseGet(FailurePolicy::standard);
  }

  private static int patience(FailurePolicy policy) {
    return switch (policy) {
      case FailurePolicy.StopWorker _ -> -1;
      case FailurePolicy.DeadLetter patient -> patient.retries();
    };
  }

  /// The incarnation ended in the middle of an event.
  static final class Abandoned extends Exception {
    private static final long serialVersionUID = 1L;

    Abandoned() {
      super(null, null, false, false);
    }
  }
}
