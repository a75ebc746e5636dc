package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Message;
import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// The background of a producer, which is a thread in the real one: it sends what is due, one batch
/// of a partition at a time, sends again what was lost, gives up what is too old, and lets the
/// requests about transactions go between, one at a time.
///
/// It takes a step after whatever may have changed something. As in the real client no batch leaves
/// while a request about transactions is under way, and no transaction ends while a batch is.
final class Sender {

  private final Connection connection;
  private final Accumulator accumulator;
  private final @Nullable TransactionState transactions;
  private final TopicCache topics;
  private final Backoff backoff;
  private final Duration requestTimeout;
  private final long lingerNanos;
  private final long deliveryNanos;
  private final Set<Batch> underWay = new LinkedHashSet<>();
  private boolean stepIsDue;
  private long timerAt = Long.MAX_VALUE;
  private boolean isRequestUnderWay;
  private boolean closing;
  private boolean closed;

  /// @param transactions null for a producer that is not idempotent
  Sender(
      Connection connection,
      Accumulator accumulator,
      @Nullable TransactionState transactions,
      TopicCache topics,
      Backoff backoff,
      ProducerTimes times) {
    this.connection = connection;
    this.accumulator = accumulator;
    this.transactions = transactions;
    this.topics = topics;
    this.backoff = backoff;
    this.requestTimeout = times.request();
    this.lingerNanos = times.linger().toNanos();
    this.deliveryNanos = times.delivery().toNanos();
  }

  /// @param delivery how long a record may take altogether
  record ProducerTimes(Duration request, Duration linger, Duration delivery) {}

  /// Something may be due now.
  void wake() {
    if (!stepIsDue && !closed) {
      stepIsDue = true;
      connection.soon(this::step);
    }
  }

  private void wakeAt(long nanos) {
    if (nanos < timerAt) {
      timerAt = nanos;
      connection.after(
          nanos - connection.now(),
          () -> {
            if (timerAt == nanos) {
              timerAt = Long.MAX_VALUE;
              wake();
            }
          });
    }
  }

  private void step() {
    stepIsDue = false;
    if (closed) {
      return;
    }
    TransactionState state = transactions;
    if (state != null) {
      state.resolveSequences();
      if (state.lifecycle().hasFatalError()) {
        abort(accumulator.incomplete(_ -> true), state.lifecycle().error());
        endIfClosing();
        return;
      }
      state.keepIdentity();
      if (isRequestUnderWay || sendRequest(state)) {
        return;
      }
    }
    sendBatches();
    endIfClosing();
  }

  // requests about transactions

  private boolean sendRequest(TransactionState state) {
    if (state.lifecycle().hasAbortableError()) {
      abort(accumulator.incomplete(batch -> !batch.hasSequence()), state.lifecycle().error());
    } else if (state.lifecycle().isAborting()) {
      abort(
          accumulator.incomplete(batch -> !batch.hasSequence()), new TransactionAbortedException());
    }
    TransactionRequest next = state.next(accumulator.hasIncomplete());
    connection.changed();
    if (next == null) {
      return false;
    }
    isRequestUnderWay = true;
    if (next.isRetry) {
      connection.after(backoff.nanos(0), () -> send(state, next, next.request));
    } else {
      send(state, next, next.request);
    }
    return true;
  }

  private <R extends Reply> void send(
      TransactionState state, TransactionRequest next, Request<R> request) {
    connection.send(
        request,
        requestTimeout,
        reply -> {
          isRequestUnderWay = false;
          wake();
          state.answered(next, reply);
        });
  }

  // batches

  private void sendBatches() {
    long now = connection.now();
    long next = Long.MAX_VALUE;
    for (TopicPartition partition : List.copyOf(accumulator.partitions())) {
      ArrayDeque<Batch> queue = accumulator.queue(partition);
      Batch first = queue.peek();
      if (first == null || isUnderWay(partition)) {
        continue;
      }
      long due = dueAt(first, queue);
      if (due > now) {
        next = Math.min(next, due);
      } else if (mayLeave(first)) {
        queue.remove();
        send(first);
      }
    }
    expire(now);
    for (Batch batch : accumulator.incomplete(_ -> true)) {
      next = Math.min(next, batch.createdNanos + deliveryNanos);
    }
    if (next < Long.MAX_VALUE) {
      wakeAt(next);
    }
  }

  private boolean isUnderWay(TopicPartition partition) {
    return underWay.stream().anyMatch(batch -> batch.partition.equals(partition));
  }

  private long dueAt(Batch batch, ArrayDeque<Batch> queue) {
    if (batch.attempts > 0 && batch.notBeforeNanos > connection.now()) {
      return batch.notBeforeNanos;
    }
    boolean atOnce =
        accumulator.isFull(batch, queue)
            || batch.inRetry
            || accumulator.isFlushing()
            || closing
            || (transactions != null && transactions.lifecycle().isEnding());
    return atOnce ? 0 : batch.createdNanos + lingerNanos;
  }

  private boolean mayLeave(Batch batch) {
    TransactionState state = transactions;
    return state == null
        || (state.identity().isValid()
            && state.maySendTo(batch.partition)
            && (batch.hasSequence() || !state.sequences().isUnresolved(batch.partition)));
  }

  private void send(Batch batch) {
    TransactionState state = transactions;
    if (state != null && !batch.hasSequence()) {
      state.sequences().identify(batch, state.identity());
    }
    batch.underWay = true;
    underWay.add(batch);
    List<Message> messages = batch.messages();
    connection.send(
        new Request.Produce(
            state == null ? null : state.transactionalId(),
            batch.identity.id(),
            batch.identity.epoch(),
            batch.partition,
            batch.sequence,
            messages),
        requestTimeout,
        reply -> {
          underWay.remove(batch);
          batch.underWay = false;
          wake();
          if (!batch.isDone()) {
            answered(batch, reply);
          }
        });
  }

  private void answered(Batch batch, Reply.@Nullable Produced reply) {
    Errors error = reply == null ? Errors.NETWORK_EXCEPTION : reply.error();
    if (error.exception() instanceof UnknownTopicOrPartitionException) {
      topics.forget(batch.partition.topic());
    }
    if (error == Errors.NONE || error == Errors.DUPLICATE_SEQUENCE_NUMBER) {
      complete(batch, reply == null || error != Errors.NONE ? -1 : reply.baseOffset());
    } else if (error == Errors.MESSAGE_TOO_LARGE && batch.count() > 1) {
      List<Batch> parts = accumulator.split(batch);
      if (transactions != null) {
        transactions.sequences().replace(batch, parts);
      }
    } else if (isRetriable(error, batch)) {
      batch.notBeforeNanos = connection.now() + backoff.nanos(batch.attempts);
      batch.attempts++;
      batch.inRetry = true;
      accumulator.putBack(batch);
    } else {
      refused(batch, error, reply == null ? List.of() : reply.invalid());
    }
  }

  private boolean isRetriable(Errors error, Batch batch) {
    boolean late = batch.createdNanos + deliveryNanos <= connection.now();
    return !late
        && (transactions == null
            ? error.exception() instanceof RetriableException
            : transactions.sendErrors().isRetriable(error, batch));
  }

  private void complete(Batch batch, long baseOffset) {
    if (transactions != null) {
      transactions.sequences().acknowledged(batch);
    }
    accumulator.done(batch);
    batch.complete(baseOffset);
  }

  /// @param invalid which records of the batch the broker found fault with; none if with all
  private void refused(Batch batch, Errors error, List<Integer> invalid) {
    RuntimeException whole = error.exception();
    if (invalid.isEmpty()) {
      fail(batch, whole, _ -> whole, true);
      return;
    }
    fail(
        batch,
        whole,
        index -> {
          if (!invalid.contains(index)) {
            return new KafkaException(
                "Failed to append record because it was part of a batch which had one more more invalid records");
          }
          return invalid.size() == 1 ? whole : new InvalidRecordException(error.message());
        },
        true);
  }

  private void fail(
      Batch batch, RuntimeException whole, IntFunction<RuntimeException> each, boolean refused) {
    accumulator.done(batch);
    batch.fail(each);
    if (transactions != null) {
      try {
        transactions.sendErrors().failed(batch, whole, refused);
      } catch (IllegalStateException _) {
        // an illegal transition has made the producer's error fatal
      }
    }
    connection.changed();
  }

  private void expire(long now) {
    for (Batch batch :
        accumulator.incomplete(waiting -> waiting.createdNanos + deliveryNanos <= now)) {
      underWay.remove(batch);
      TimeoutException late =
          new TimeoutException(
              "Expiring %d record(s) for %s:%d ms has passed since batch creation. The request has not been sent, or no server response has been received yet."
                  .formatted(
                      batch.count(),
                      batch.partition,
                      Duration.ofNanos(now - batch.createdNanos).toMillis()));
      fail(batch, late, _ -> late, false);
      if (transactions != null && batch.inRetry) {
        // nobody knows whether it was written: nothing may follow it until that is settled
        transactions.sequences().markUnresolved(batch);
      }
      wake();
    }
  }

  private void abort(List<Batch> batches, RuntimeException cause) {
    for (Batch batch : batches) {
      underWay.remove(batch);
      accumulator.done(batch);
      if (transactions != null) {
        transactions.sequences().drop(batch);
      }
      batch.fail(_ -> cause);
    }
    connection.changed();
  }

  // the end

  /// Sends what is there, ends a transaction that is open, and waits for it in a fiber; what is not
  /// done by then is dropped.
  void close(Duration bound) {
    if (closed) {
      return;
    }
    if (!bound.isZero() && !connection.isBackground()) {
      closing = true;
      wake();
      connection.await(() -> closed, bound);
    }
    if (!closed) {
      force();
    }
  }

  private void endIfClosing() {
    if (!closing || closed) {
      return;
    }
    TransactionState state = transactions;
    boolean busy =
        accumulator.hasWaiting()
            || !underWay.isEmpty()
            || isRequestUnderWay
            || (state != null
                && state.hasPendingRequests()
                && state.lifecycle().hasOngoingTransaction());
    if (busy) {
      return;
    }
    if (state != null && state.lifecycle().hasOngoingTransaction()) {
      if (!state.lifecycle().isEnding()) {
        try {
          state.calls().abort();
        } catch (RuntimeException _) {
          force();
        }
      }
      wake();
      return;
    }
    end();
  }

  private void force() {
    if (transactions != null) {
      transactions.close();
    }
    abort(
        new ArrayList<>(accumulator.incomplete(_ -> true)),
        new KafkaException("Producer is closed forcefully."));
    end();
  }

  private void end() {
    closed = true;
    connection.changed();
    connection.close();
  }
}
