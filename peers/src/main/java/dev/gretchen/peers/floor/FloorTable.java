package dev.gretchen.peers.floor;

import dev.gretchen.peers.contract.Keys;
import dev.gretchen.peers.contract.Lineage;
import dev.gretchen.peers.contract.Tally;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/// A table partition: tallies in a heap map, over RocksDB, with a list of what changed since the
/// last commit. RocksDB always holds a committed prefix of the changelog and, in the same batches,
/// how long that prefix is.
final class FloorTable implements AutoCloseable {

  /// Clean entries that the map may hold before they are dropped, all at once.
  private static final int ENTRIES_MAX = 250_000;

  private static final byte[] POSITION = reserved("position");
  private static final byte[] STREAM_TIME = reserved("stream-time");

  private final TopicPartition changelog;
  private final Disk disk;
  private final RocksDB database;
  private final Map<Key, Entry> entries = new HashMap<>();
  private final List<Entry> dirty = new ArrayList<>();
  private final Callback sent;
  private volatile long acknowledged;
  private byte @Nullable [] streamTime;

  FloorTable(TopicPartition changelog, Disk disk, String table) {
    this.changelog = changelog;
    this.disk = disk;
    try {
      this.database = disk.open(table, changelog.partition());
    } catch (RocksDBException cause) {
      throw failed("opening", cause);
    }
    this.sent =
        (metadata, failure) -> {
          if (failure == null) {
            acknowledged = metadata.offset() + 1;
          }
        };
  }

  TopicPartition changelog() {
    return changelog;
  }

  /// The entry of a key, to be changed by [#changed] alone.
  Entry entry(byte[] taggedKey) {
    Key key = new Key(taggedKey);
    Entry entry = entries.get(key);
    if (entry == null) {
      byte[] stored = read(taggedKey);
      entry = new Entry(taggedKey, stored == null ? Tally.zero() : Tally.of(stored));
      entries.put(key, entry);
    }
    return entry;
  }

  /// Notes an entry that was clean and is no more.
  void changed(Entry entry) {
    dirty.add(entry);
  }

  /// The highest event time that a commit has seen.
  long storedStreamTime() {
    byte[] stored = read(STREAM_TIME);
    return stored == null ? Long.MIN_VALUE : ByteBuffer.wrap(stored).getLong();
  }

  /// Deletes the windows that start at a moment or earlier: those of the store, and those of the
  /// map that the store does not know yet.
  void dropWindowsUpTo(long lastExpired, long offset) {
    List<byte[]> expired = new ArrayList<>();
    try (RocksIterator windows = database.newIterator()) {
      for (windows.seek(new byte[] {Keys.WINDOWED}); windows.isValid(); windows.next()) {
        if (Keys.windowStart(windows.key()) > lastExpired) {
          break;
        }
        expired.add(windows.key());
      }
    }
    for (Entry entry : dirty) {
      if (Keys.windowStart(entry.taggedKey) <= lastExpired) {
        expired.add(entry.taggedKey);
      }
    }
    for (byte[] key : expired) {
      Entry entry = entry(key);
      if (entry.delete(offset)) {
        changed(entry);
      }
    }
  }

  /// Sends what has changed: one record a key.
  ///
  /// @param published the topic that the changes go to as well, null for none
  void sendChanges(Outbox outbox, Lineage lineage, @Nullable String published) {
    for (Entry entry : dirty) {
      byte[] value = entry.json();
      Header from =
          new RecordHeader(Lineage.HEADER, lineage.value(entry.firstOffset(), entry.lastOffset()));
      outbox.send(record(entry.taggedKey, value, from), sent);
      Header id = entry.lastId();
      if (published != null && id != null) {
        byte[] key = Arrays.copyOfRange(entry.taggedKey, 1, entry.taggedKey.length);
        outbox.send(
            new ProducerRecord<>(published, null, null, key, value, List.of(id, from)), null);
      }
    }
  }

  /// Sends stream time along, under a key of our own.
  void sendStreamTime(Outbox outbox, Lineage lineage, long time, long offset) {
    byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(time).array();
    streamTime = value;
    Header from = new RecordHeader(Lineage.HEADER, lineage.value(offset, offset));
    outbox.send(record(STREAM_TIME, value, from), sent);
  }

  private ProducerRecord<byte[], byte[]> record(
      byte[] key, byte @Nullable [] value, Header lineage) {
    return new ProducerRecord<>(
        changelog.topic(), changelog.partition(), null, key, value, List.of(lineage));
  }

  /// What was sent is committed: now RocksDB may have it.
  void committed() {
    if (dirty.isEmpty() && streamTime == null) {
      return;
    }
    dirty.sort((a, b) -> Arrays.compareUnsigned(a.taggedKey, b.taggedKey));
    try (WriteBatch batch = new WriteBatch()) {
      for (Entry entry : dirty) {
        put(batch, entry.taggedKey, entry.json());
        entry.clean();
      }
      if (streamTime != null) {
        batch.put(STREAM_TIME, streamTime);
        streamTime = null;
      }
      write(batch, acknowledged);
    } catch (RocksDBException cause) {
      throw failed("writing", cause);
    }
    dirty.clear();
    if (entries.size() > ENTRIES_MAX) {
      entries.clear();
    }
  }

  /// How much of the changelog is in RocksDB: the offset of its last record + 1.
  long position() {
    byte[] stored = read(POSITION);
    return stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
  }

  /// Takes records of the changelog into RocksDB.
  void recover(Iterable<Change> changes, long position) {
    try (WriteBatch batch = new WriteBatch()) {
      for (Change change : changes) {
        put(batch, change.key(), change.value());
      }
      write(batch, position);
    } catch (RocksDBException cause) {
      throw failed("recovering", cause);
    }
  }

  /// A record of the changelog.
  @SuppressWarnings("ArrayRecordComponent")
  record Change(byte[] key, byte @Nullable [] value) {}

  private static void put(WriteBatch batch, byte[] key, byte @Nullable [] value)
      throws RocksDBException {
    if (value == null) {
      batch.delete(key);
    } else {
      batch.put(key, value);
    }
  }

  private void write(WriteBatch batch, long position) throws RocksDBException {
    batch.put(POSITION, ByteBuffer.allocate(Long.BYTES).putLong(position).array());
    database.write(disk.unlogged(), batch);
  }

  private byte @Nullable [] read(byte[] key) {
    try {
      return database.get(key);
    } catch (RocksDBException cause) {
      throw failed("reading", cause);
    }
  }

  private IllegalStateException failed(String what, RocksDBException cause) {
    return new IllegalStateException(
        what + " the store of " + changelog + " failed: " + cause.getMessage(), cause);
  }

  private static byte[] reserved(String name) {
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(1 + text.length).put(Keys.RESERVED).put(text).array();
  }

  @Override
  public void close() {
    try (FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
      database.flush(waiting);
    } catch (RocksDBException cause) {
      throw failed("flushing", cause);
    } finally {
      database.close();
    }
  }
}
