package dev.gretchen.engine.internal.watch;

import dev.gretchen.engine.internal.surroundings.link.Links;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/// What workers say to each other, each in one frame.
sealed interface Message {

  /// The answer to a link that was opened: who listens here.
  record Hello(String instance) implements Message {}

  /// The one who sends it lives.
  ///
  /// @param progress rises with each turn of its poll loop
  /// @param suspects whom it suspects at present
  record Pulse(String instance, long progress, Set<Life> suspects) implements Message {}

  /// The one who sends it is about to leave the group in order.
  record Farewell(String instance) implements Message {}

  /// The one who sends it has left the group, which waits for everybody to join again.
  record Left(String instance) implements Message {}

  /// These were removed from the group, which waits for everybody to join again.
  record Evicted(String instance, Set<Life> lives) implements Message {}

  /// So many fit into a frame, and nobody evicts more at once.
  int LIVES_MAX = 24;

  byte PULSE = 2;

  /// Whether a frame may wait until somebody looks anyway.
  static boolean isPulse(byte[] frame) {
    return frame[0] == PULSE;
  }

  /// As a frame.
  default byte[] encoded() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      switch (this) {
        case Hello(String instance) -> {
          out.writeByte(1);
          out.writeUTF(instance);
        }
        case Pulse(String instance, long progress, Set<Life> suspects) -> {
          out.writeByte(PULSE);
          out.writeUTF(instance);
          out.writeLong(progress);
          write(out, suspects);
        }
        case Farewell(String instance) -> {
          out.writeByte(3);
          out.writeUTF(instance);
        }
        case Evicted(String instance, Set<Life> lives) -> {
          out.writeByte(4);
          out.writeUTF(instance);
          write(out, lives);
        }
        case Left(String instance) -> {
          out.writeByte(5);
          out.writeUTF(instance);
        }
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    if (bytes.size() > Links.FRAME_BYTES_MAX) {
      throw new IllegalArgumentException("a message of " + bytes.size() + " bytes fits no frame");
    }
    return bytes.toByteArray();
  }

  /// @throws IOException if it is no message
  static Message decoded(byte[] frame) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(frame))) {
      int kind = in.readByte();
      String instance = in.readUTF();
      return switch (kind) {
        case 1 -> new Hello(instance);
        case PULSE -> new Pulse(instance, in.readLong(), read(in));
        case 3 -> new Farewell(instance);
        case 4 -> new Evicted(instance, read(in));
        case 5 -> new Left(instance);
        default -> throw new IOException("expected a message of kind 1 to 5, found " + kind);
      };
    } catch (IllegalArgumentException noLife) {
      throw new IOException(noLife.getMessage(), noLife);
    }
  }

  private static void write(DataOutputStream out, Collection<Life> lives) throws IOException {
    int count = Math.min(lives.size(), LIVES_MAX);
    out.writeByte(count);
    for (Life life : new TreeSet<>(lives).stream().limit(count).toList()) {
      out.writeUTF(life.member());
    }
  }

  private static Set<Life> read(DataInputStream in) throws IOException {
    int count = in.readUnsignedByte();
    if (count > LIVES_MAX) {
      throw new IOException("expected at most " + LIVES_MAX + " lives, found " + count);
    }
    Set<Life> lives = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      lives.add(new Life(in.readUTF()));
    }
    return lives;
  }
}
