package dev.gretchen.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// RocksDB's own batch is what it is compared with.
class BatchBytesTest {

  static {
    RocksDB.loadLibrary();
  }

  private static final int FAMILIES = 130;

  @TempDir private Path folder;
  private final Random random = new Random(3);

  @Test
  void isWhatRocksWouldHaveMadeOfTheSameEntries() throws Exception {
    try (Options options = new Options().setCreateIfMissing(true);
        RocksDB database = RocksDB.open(options, folder.toString())) {
      // ids of one byte and of two
      for (int i = 1; i <= FAMILIES; i++) {
        ColumnFamilyHandle family =
            database.createColumnFamily(new ColumnFamilyDescriptor(new byte[] {1, (byte) i}));
        if (i == 1 || i == FAMILIES) {
          assertThat(family.getID() > 127).isEqualTo(i == FAMILIES);
          compare(family);
        }
      }
    }
  }

  private void compare(ColumnFamilyHandle family) throws Exception {
    for (int entries : new int[] {0, 1, 300}) {
      BatchBytes ours = new BatchBytes(family.getID(), 1, 10);
      try (WriteBatch theirs = new WriteBatch()) {
        for (int i = 0; i < entries; i++) {
          byte[] key = bytes(random.nextInt(400));
          if (i % 5 == 0) {
            ours.delete(key);
            theirs.delete(family, key);
          } else {
            byte[] value = bytes(i % 7 == 0 ? 40_000 : random.nextInt(200));
            ours.put(key, value);
            theirs.put(family, key, value);
          }
        }
        try (WriteBatch made = ours.batch()) {
          assertThat(made.count()).isEqualTo(entries);
          assertThat(made.data()).isEqualTo(theirs.data());
        }
      }
    }
  }

  @Test
  void isWrittenAsItWasMade() throws Exception {
    List<byte[]> keys = new ArrayList<>();
    try (Options options = new Options().setCreateIfMissing(true);
        WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
        RocksDB database = RocksDB.open(options, folder.toString())) {
      ColumnFamilyHandle family =
          database.createColumnFamily(new ColumnFamilyDescriptor(new byte[] {7}));
      BatchBytes batch = new BatchBytes(family.getID(), 10, 20);
      for (int i = 0; i < 1_000; i++) {
        byte[] key = {1, (byte) (i >>> 8), (byte) i};
        keys.add(key);
        batch.put(key, bytes(i));
      }
      batch.delete(keys.getFirst());
      try (WriteBatch made = batch.batch()) {
        database.write(unlogged, made);
      }

      int found = 0;
      try (RocksIterator all = database.newIterator(family)) {
        for (all.seekToFirst(); all.isValid(); all.next()) {
          found++;
          assertThat(all.key()).isEqualTo(keys.get(found));
          assertThat(all.value()).hasSize(found);
        }
      }
      assertThat(found).isEqualTo(999);
      assertThat(database.get(family, keys.getFirst())).isNull();
    }
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
