package dev.gretchen.peers.floor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBufferManager;
import org.rocksdb.WriteOptions;

/// RocksDB for all table partitions of a worker: a database each, one memory bound for all. The
/// write-ahead log is off: what a crash loses, the changelog has.
final class Disk implements AutoCloseable {

  private static final long CACHE_BYTES = 64L << 20;
  private static final long WRITE_BUFFERS_BYTES = 32L << 20;
  private static final long WRITE_BUFFER_BYTES = 8L << 20;
  private static final int BLOOM_BITS_PER_KEY = 10;

  static {
    RocksDB.loadLibrary();
  }

  private final Path directory;
  private final LRUCache cache = new LRUCache(CACHE_BYTES);
  private final WriteBufferManager writeBuffers =
      new WriteBufferManager(WRITE_BUFFERS_BYTES, cache);
  private final BloomFilter bloom = new BloomFilter(BLOOM_BITS_PER_KEY);
  private final Options options;
  private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);

  Disk(Path directory) {
    this.directory = directory;
    this.options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(WRITE_BUFFER_BYTES)
            .setWriteBufferManager(writeBuffers)
            .setKeepLogFileNum(2)
            .setMaxOpenFiles(256)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setCacheIndexAndFilterBlocks(true)
                    .setFilterPolicy(bloom));
  }

  RocksDB open(String table, int partition) throws RocksDBException {
    Path folder = directory.resolve(table + "-" + partition);
    try {
      Files.createDirectories(folder);
    } catch (IOException cause) {
      throw new UncheckedIOException("state directory " + folder + " cannot be made", cause);
    }
    return RocksDB.open(options, folder.toString());
  }

  WriteOptions unlogged() {
    return unlogged;
  }

  @Override
  public void close() {
    unlogged.close();
    options.close();
    bloom.close();
    writeBuffers.close();
    cache.close();
  }
}
