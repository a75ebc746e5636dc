package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.Codec;
import dev.gretchen.engine.internal.store.ByteKey;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// A key's last value in an epoch, with the range of events that it stands for.
///
/// While its epoch is open it follows the events of the task, under the task's lock; once sealed it
/// never changes, and belongs to the committer. The value is encoded there, once an epoch however
/// often it changed.
public final class StagedChange {

  /// What a change holds on the heap beside key and value, roughly: itself, its cell, the live
  /// value beside the encoded one.
  static final long OVERHEAD = 360;

  private final ByteKey key;
  private final long firstOffset;
  private @Nullable Object value;
  private @Nullable Codec<Object> codec;
  private long lastOffset;
  private long timestamp = ConsumerRecord.NO_TIMESTAMP;
  private @Nullable Header eventId;

  // confined to the committer
  private byte @Nullable [] encoded;

  StagedChange(ByteKey key, long firstOffset) {
    this.key = key;
    this.firstOffset = firstOffset;
    this.lastOffset = firstOffset;
  }

  /// Another event has changed the key.
  ///
  /// @param latest null deletes it
  /// @param by how the value is encoded; null where there is none
  void follow(@Nullable Object latest, @Nullable Codec<Object> by, long offset) {
    value = latest;
    codec = by;
    lastOffset = offset;
  }

  /// Notes of the last event what a published change shows.
  ///
  /// @param eventTime negative for none
  /// @param id the header that is handed on, null if the event has none
  void causedBy(long eventTime, @Nullable Header id) {
    timestamp = eventTime;
    eventId = id;
  }

  public ByteKey key() {
    return key;
  }

  /// The value as bytes, null where the key is deleted. From the committer's thread, once sealed.
  ///
  /// @throws RuntimeException where the table's codec cannot write it
  public byte @Nullable [] value() {
    Object latest = value;
    if (encoded == null && latest != null && codec != null) {
      encoded = codec.encode(latest);
    }
    return encoded;
  }

  /// The store holds it: what only the commit needed is let go, because a clean cell keeps the rest
  /// as its cache. From the committer's thread.
  public void applied() {
    encoded = null;
    eventId = null;
  }

  /// The offset of the first event of the epoch that changed the key.
  public long firstOffset() {
    return firstOffset;
  }

  /// The offset of the last one.
  public long lastOffset() {
    return lastOffset;
  }

  /// The timestamp of the last one, where the table is published; negative for none.
  public long timestamp() {
    return timestamp;
  }

  /// The id of the last one as a header, where the table is published and the event has one.
  public @Nullable Header eventId() {
    return eventId;
  }
}
