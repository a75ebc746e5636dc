package dev.gretchen.engine.internal.worker;

import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.commit.Epoch;
import dev.gretchen.engine.internal.commit.EpochWriter;
import dev.gretchen.engine.internal.commit.WriteOutcome;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.jspecify.annotations.Nullable;

/// Keeps two processes that were started under one name from fencing each other for ever: the one
/// that was fenced stops, instead of beginning anew and fencing the other.
///
/// That a producer was fenced says little by itself: a transaction that timed out and an eviction
/// do the same, and after both the worker begins anew. What tells a twin is another living member
/// of the group with this worker's transactional id.
///
/// Confined to the committer's thread.
final class OneOfTwins implements EpochWriter {

  private final EpochWriter inner;
  private final Supplier<@Nullable Peer> twin;
  private boolean begun;

  /// @param twin another living worker with the same transactional id, or null
  OneOfTwins(EpochWriter inner, Supplier<@Nullable Peer> twin) {
    this.inner = inner;
    this.twin = twin;
  }

  @Override
  public void begin() {
    Peer other = twin.get();
    if (begun && other != null) {
      throw new IllegalStateException(
          "another process runs as worker %s too (%s, at %s) and has fenced this one, which therefore stops; give each worker a name of its own with --worker"
              .formatted(other.worker(), other.instance(), other.address()));
    }
    inner.begin();
    begun = true;
  }

  @Override
  public WriteOutcome write(Epoch epoch, ConsumerGroupMetadata metadata) {
    return inner.write(epoch, metadata);
  }

  @Override
  public void close() {
    inner.close();
  }
}
