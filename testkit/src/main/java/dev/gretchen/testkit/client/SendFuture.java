package dev.gretchen.testkit.client;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// What becomes of one record. Waiting for it takes virtual time.
final class SendFuture implements Future<RecordMetadata> {

  private final Connection connection;
  private @Nullable RecordMetadata metadata;
  private @Nullable Exception failure;

  SendFuture(Connection connection) {
    this.connection = connection;
  }

  static SendFuture failed(Connection connection, Exception failure) {
    SendFuture future = new SendFuture(connection);
    future.failure = failure;
    return future;
  }

  void complete(RecordMetadata sent) {
    metadata = sent;
  }

  void fail(Exception cause) {
    failure = cause;
  }

  @Override
  public RecordMetadata get() throws ExecutionException {
    if (!isDone()) {
      connection.await(this::isDone);
    }
    return result();
  }

  @Override
  public RecordMetadata get(long timeout, TimeUnit unit)
      throws ExecutionException, TimeoutException {
    if (!isDone() && !connection.await(this::isDone, Duration.of(timeout, unit.toChronoUnit()))) {
      throw new TimeoutException("the record is still on its way");
    }
    return result();
  }

  private RecordMetadata result() throws ExecutionException {
    Exception cause = failure;
    if (cause != null) {
      throw new ExecutionException(cause);
    }
    RecordMetadata sent = metadata;
    if (sent == null) {
      throw new IllegalStateException("the record is still on its way");
    }
    return sent;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return false;
  }

  @Override
  public boolean isCancelled() {
    return false;
  }

  @Override
  public boolean isDone() {
    return metadata != null || failure != null;
  }
}
