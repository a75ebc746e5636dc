package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.EffectTooLarge;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.internal.store.StoreUnavailable;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.topology.AgentSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
  private final Monitor monitor;
  private final List<AgentSpec> agents;
  private final FailurePolicy policy;

  /// Of the event at hand, one for each agent.
  private final List<AgentSpec.Call> calls = new ArrayList<>();

  Attempts(Task task, TaskContext context, CurrentEvent current, Monitor monitor) {
    this.task = task;
    this.context = context;
    this.current = current;
    this.monitor = monitor;
    this.agents =
        List.copyOf(context.topology().agentsByTopic().getOrDefault(task.id().topic(), List.of()));
    this.policy = strictest(agents);
  }

  /// Runs the handlers, again where the policy says so; returns a dead letter where they failed for
  /// good.
  @Nullable Output of(ConsumerRecord<byte[], byte[]> record) throws Abandoned {
    calls.clear();
    for (AgentSpec agent : agents) {
      try {
        calls.add(agent.reader().read(record));
      } catch (RuntimeException undecodable) {
        return failed(
            record, "agent " + agent.name() + " cannot decode it: " + undecodable, undecodable);
      }
    }
    for (int attempt = 0; ; attempt++) {
      try {
        for (AgentSpec.Call call : calls) {
          call.run();
        }
        return null;
      } catch (Exception | StackOverflowError | AssertionError failure) {
        current.discard();
        Output deadLetter = afterFailure(record, attempt, failure);
        if (deadLetter != null) {
          return deadLetter;
        }
      }
    }
  }

  private @Nullable Output afterFailure(
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
      case FailurePolicy.DeadLetter(int retries, Duration firstPause) -> {
        if (attempt >= retries || failure instanceof EffectTooLarge) {
          yield failed(record, "handler failed: " + failure, failure);
        }
        context.meters().retried();
        Duration pause = firstPause.multipliedBy(1L << Math.min(attempt, 20));
        if (monitor.await(() -> task.stage() != Task.Stage.RUNNING, pause)) {
          throw new Abandoned();
        }
        yield null;
      }
    };
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

  private Output failed(ConsumerRecord<byte[], byte[]> record, String reason, Throwable cause) {
    LOG.atWarn()
        .addKeyValue("source", task.id() + "@" + record.offset())
        .addKeyValue("reason", reason)
        .log("event goes to the dead-letter topic");
    context.meters().deadLettered();
    current.discard();
    return DeadLetter.of(
        context.topology().deadLetterTopic(),
        record,
        reason,
        DeadLetter.stackOf(cause),
        context.recordBytesMax());
  }

  /// The dead letter of an event whose effects the brokers refused; its handlers do not run.
  Output refused(ConsumerRecord<byte[], byte[]> record, TaskContext.Refusal refusal) {
    String topic = context.topology().deadLetterTopic();
    return refusal.deadLetterToo()
        ? DeadLetter.withoutContent(topic, record, refusal.reason())
        : DeadLetter.of(topic, record, refusal.reason(), "", context.recordBytesMax());
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
      case FailurePolicy.DeadLetter(int retries, _) -> retries;
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
