package dev.gretchen.verifier.history;

import dev.gretchen.verifier.truth.Sighting;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// Reads what [SightingWriter] wrote, in constant memory; closes the file at its end.
public final class SightingReader implements Iterator<Sighting> {

  private final Path path;
  private final BlockReader blocks;
  private long at;

  /// Opens a file.
  public SightingReader(Path path) {
    this.path = path;
    this.blocks = new BlockReader(path);
  }

  @Override
  public boolean hasNext() {
    return blocks.hasNext();
  }

  @Override
  public Sighting next() {
    if (!blocks.hasNext()) {
      throw new NoSuchElementException();
    }
    if (blocks.takeBlockStart()) {
      at = 0;
    }
    int kind = (int) blocks.varint();
    at += blocks.signed();
    int client = (int) blocks.varint();
    return switch (kind) {
      case SightingWriter.CONNECTED -> new Sighting.Connected(at, client, text(), text());
      case SightingWriter.ASKED -> new Sighting.Asked(at, client, room(), blocks.signed());
      case SightingWriter.JOINED -> new Sighting.Joined(at, client, room(), blocks.signed());
      case SightingWriter.SHOWN ->
          new Sighting.Shown(at, client, room(), blocks.signed(), blocks.fixed(), blocks.signed());
      case SightingWriter.SKIPPED ->
          new Sighting.Skipped(at, client, room(), blocks.signed(), blocks.signed());
      case SightingWriter.POSTED -> new Sighting.Posted(at, client, blocks.fixed());
      case SightingWriter.ANSWERED ->
          new Sighting.Answered(
              at,
              client,
              blocks.fixed(),
              Sighting.Answer.of(blocks.varint()),
              (int) blocks.signed(),
              blocks.signed());
      case SightingWriter.TRIED_TO_BAN -> new Sighting.TriedToBan(at, client, text());
      case SightingWriter.PARTED -> new Sighting.Parted(at, client, (int) blocks.varint(), text());
      case SightingWriter.READ ->
          new Sighting.Read(
              at,
              client,
              room(),
              blocks.signed(),
              blocks.signed(),
              (int) blocks.varint(),
              blocks.fixed());
      default -> throw new HistoryDamaged(path + " holds an entry of unknown kind " + kind);
    };
  }

  private int room() {
    return (int) blocks.signed();
  }

  private String text() {
    return new String(blocks.bytes(), StandardCharsets.UTF_8);
  }
}
