package dev.gretchen.verifier.history;

import dev.gretchen.verifier.load.Ack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.Deflater;

/// Writes what the producer said about each event, a file per input partition. Any thread: the
/// producer's own thread reports most of it, the driver's the rest.
public final class AckWriter implements AutoCloseable {

  private static final class Target {
    private final BlockWriter blocks;
    private long index;
    private long offset;

    Target(BlockWriter blocks) {
      this.blocks = blocks;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Deflater deflater = BlockWriter.deflater();
  private final List<Target> targets = new ArrayList<>();

  /// Creates the files.
  public AckWriter(RunDirectory run, int partitions) {
    for (int p = 0; p < partitions; p++) {
      Path path = run.acks(p);
      targets.add(new Target(new BlockWriter(path, deflater)));
    }
  }

  /// Appends an entry: status, index and offset as differences to the entry before.
  public void append(int partition, Ack ack) {
    lock.lock();
    try {
      Target target = targets.get(partition);
      if (target.blocks.atBlockStart()) {
        target.index = 0;
        target.offset = 0;
      }
      target.blocks.varint(ack.status().code());
      target.blocks.signed(ack.index() - target.index);
      target.index = ack.index();
      if (ack.status() == Ack.Status.ACKED) {
        target.blocks.signed(ack.offset() - target.offset);
        target.offset = ack.offset();
      }
      target.blocks.endEntry();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      targets.forEach(target -> target.blocks.close());
      deflater.end();
    } finally {
      lock.unlock();
    }
  }
}
