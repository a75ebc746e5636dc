package dev.gretchen.verifier.history;

import dev.gretchen.verifier.truth.Sighting;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.Deflater;

/// Writes what the clients of a chat saw, in the order in which it is appended. Any thread.
///
/// An entry is: its kind, its time as a difference to the entry before, the client, and what else
/// there is of it, numbers as they are and texts with their length.
public final class SightingWriter implements AutoCloseable {

  static final int CONNECTED = 0;
  static final int ASKED = 1;
  static final int JOINED = 2;
  static final int SHOWN = 3;
  static final int SKIPPED = 4;
  static final int POSTED = 5;
  static final int ANSWERED = 6;
  static final int TRIED_TO_BAN = 7;
  static final int PARTED = 8;
  static final int READ = 9;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deflater deflater = BlockWriter.deflater();
  private final BlockWriter blocks;
  private long at;

  /// Creates the file of a run.
  public SightingWriter(RunDirectory run) {
    this(run.sightings());
  }

  /// Creates a file.
  public SightingWriter(Path file) {
    this.blocks = new BlockWriter(file, deflater);
  }

  /// Appends a sighting.
  public void append(Sighting sighting) {
    lock.lock();
    try {
      if (blocks.atBlockStart()) {
        at = 0;
      }
      blocks.varint(kind(sighting));
      blocks.signed(sighting.at() - at);
      at = sighting.at();
      blocks.varint(sighting.client());
      content(sighting);
      blocks.endEntry();
    } finally {
      lock.unlock();
    }
  }

  private static int kind(Sighting sighting) {
    return switch (sighting) {
      case Sighting.Connected _ -> CONNECTED;
      case Sighting.Asked _ -> ASKED;
      case Sighting.Joined _ -> JOINED;
      case Sighting.Shown _ -> SHOWN;
      case Sighting.Skipped _ -> SKIPPED;
      case Sighting.Posted _ -> POSTED;
      case Sighting.Answered _ -> ANSWERED;
      case Sighting.TriedToBan _ -> TRIED_TO_BAN;
      case Sighting.Parted _ -> PARTED;
      case Sighting.Read _ -> READ;
    };
  }

  private void content(Sighting sighting) {
    switch (sighting) {
      case Sighting.Connected c -> {
        text(c.worker());
        text(c.incarnation());
      }
      case Sighting.Asked a -> {
        blocks.signed(a.room());
        blocks.signed(a.after());
      }
      case Sighting.Joined j -> {
        blocks.signed(j.room());
        blocks.signed(j.from());
      }
      case Sighting.Shown s -> {
        blocks.signed(s.room());
        blocks.signed(s.index());
        blocks.fixed(s.id());
        blocks.signed(s.withheld());
      }
      case Sighting.Skipped s -> {
        blocks.signed(s.room());
        blocks.signed(s.from());
        blocks.signed(s.to());
      }
      case Sighting.Posted p -> blocks.fixed(p.id());
      case Sighting.Answered a -> {
        blocks.fixed(a.id());
        blocks.varint(a.answer().code());
        blocks.signed(a.partition());
        blocks.signed(a.offset());
      }
      case Sighting.Read r -> {
        blocks.signed(r.room());
        blocks.signed(r.seen());
        blocks.signed(r.last());
        blocks.varint(r.posts());
        blocks.fixed(r.hash());
      }
      case Sighting.TriedToBan t -> text(t.user());
      case Sighting.Parted p -> {
        blocks.varint(p.code());
        text(p.reason());
      }
    }
  }

  private void text(String text) {
    blocks.bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Makes all that was appended readable.
  public void flush() {
    lock.lock();
    try {
      blocks.flush();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      blocks.close();
      deflater.end();
    } finally {
      lock.unlock();
    }
  }
}
