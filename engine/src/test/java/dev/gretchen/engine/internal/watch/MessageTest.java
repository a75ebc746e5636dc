package dev.gretchen.engine.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.internal.surroundings.link.Links;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageTest {

  @ParameterizedTest
  @MethodSource("messages")
  void isReadAsItWasWritten(Message message) throws IOException {
    assertThat(Message.decoded(message.encoded())).isEqualTo(message);
  }

  static Message[] messages() {
    return new Message[] {
      new Message.Hello("w1-a"),
      new Message.Pulse("w1-a", Long.MAX_VALUE, Set.of()),
      new Message.Pulse("w1-a", 0, Set.of(new Life("m1"), new Life("m2"))),
      new Message.Farewell("w1-a"),
      new Message.Left("w1-a"),
      new Message.Evicted("w1-a", Set.of(new Life("m1")))
    };
  }

  @Test
  void fitsIntoAFrameHoweverManyAreSuspected() throws IOException {
    Set<Life> lives = new TreeSet<>();
    for (int i = 0; i < 1_000; i++) {
      lives.add(new Life("x".repeat(Life.LENGTH_MAX - 4) + (1_000 + i)));
    }
    byte[] frame = new Message.Pulse("y".repeat(249), 1, lives).encoded();
    assertThat(frame.length).isLessThanOrEqualTo(Links.FRAME_BYTES_MAX);
    assertThat(((Message.Pulse) Message.decoded(frame)).suspects()).hasSize(Message.LIVES_MAX);
  }

  @Property
  void garbageIsNoMessageOrAWholeOne(@ForAll byte[] garbage) {
    try {
      assertThat(Message.decoded(garbage)).isNotNull();
    } catch (IOException expected) {
      assertThat(expected).isNotNull();
    }
  }

  @Test
  void anEmptyFrameIsNone() {
    assertThatThrownBy(() -> Message.decoded(new byte[0])).isInstanceOf(IOException.class);
  }
}
