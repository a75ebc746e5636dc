package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.AbstractOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.apache.kafka.common.protocol.Errors;

/// How an admin client asks: again and again, until it has an answer or its time is over.
final class AdminCalls {

  private final Connection connection;
  private final Duration requestTimeout;
  private final Duration apiTimeout;
  private final Backoff backoff;

  AdminCalls(Connection connection, Duration requestTimeout, Duration apiTimeout, Backoff backoff) {
    this.connection = connection;
    this.requestTimeout = requestTimeout;
    this.apiTimeout = apiTimeout;
    this.backoff = backoff;
  }

  Duration requestTimeout() {
    return requestTimeout;
  }

  /// The end of a call that begins now.
  long deadline(AbstractOptions<?> options) {
    Integer millis = options.timeoutMs();
    return connection.now() + (millis == null ? apiTimeout : Duration.ofMillis(millis)).toNanos();
  }

  /// @throws TimeoutException if there is no answer in time
  <R extends Reply> R ask(Request<R> request, long deadline) {
    for (int attempt = 0; ; attempt++) {
      long left = deadline - connection.now();
      if (left <= 0) {
        throw new TimeoutException("Timed out waiting for an answer. Call: " + request.api());
      }
      R reply = connection.call(request, TopicCache.shorter(requestTimeout, left));
      if (reply != null && !isPassing(reply.error())) {
        return reply;
      }
      pause(attempt, deadline);
    }
  }

  /// As [#ask], for what is either done or refused.
  ///
  /// @throws org.apache.kafka.common.errors.ApiException if it is refused
  <R extends Reply> R require(Request<R> request, long deadline) {
    R reply = ask(request, deadline);
    if (reply.error() != Errors.NONE) {
      throw reply.error().exception();
    }
    return reply;
  }

  void pause(int attempt, long deadline) {
    long left = deadline - connection.now();
    if (left > 0) {
      connection.sleep(Math.min(left, backoff.nanos(attempt)));
    }
  }

  /// An unknown topic is an answer to an admin client.
  private static boolean isPassing(Errors error) {
    return error.exception() instanceof RetriableException passing
        && !(passing instanceof UnknownTopicOrPartitionException);
  }

  /// The outcome of a call as a future that is done.
  static <T> KafkaFuture<T> future(Supplier<T> call) {
    KafkaFutureImpl<T> future = new KafkaFutureImpl<>();
    try {
      future.complete(call.get());
    } catch (KafkaException refused) {
      future.completeExceptionally(refused);
    }
    return future;
  }
}
