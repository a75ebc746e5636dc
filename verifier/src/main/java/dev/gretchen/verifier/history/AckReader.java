package dev.gretchen.verifier.history;

import dev.gretchen.verifier.load.Ack;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// Reads what [AckWriter] wrote for one partition, in constant memory.
public final class AckReader implements Iterator<Ack> {

  private final BlockReader blocks;
  private long index;
  private long offset;

  /// Opens a file.
  public AckReader(Path path) {
    this.blocks = new BlockReader(path);
  }

  @Override
  public boolean hasNext() {
    return blocks.hasNext();
  }

  @Override
  public Ack next() {
    if (!blocks.hasNext()) {
      throw new NoSuchElementException();
    }
    if (blocks.takeBlockStart()) {
      index = 0;
      offset = 0;
    }
    Ack.Status status = Ack.Status.of(blocks.varint());
    index += blocks.signed();
    if (status != Ack.Status.ACKED) {
      return new Ack(index, status, -1);
    }
    offset += blocks.signed();
    return new Ack(index, status, offset);
  }
}
