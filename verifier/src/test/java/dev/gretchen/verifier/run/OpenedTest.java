package dev.gretchen.verifier.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedTest {

  private final List<String> closed = new ArrayList<>();
  private final Opened opened = new Opened();

  @Test
  void closesTheLastFirstAndEachOnce() {
    opened.<AutoCloseable>add(() -> closed.add("first"));
    opened.<AutoCloseable>add(() -> closed.add("second"));
    opened.close();
    opened.close();
    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void closesTheRestWhenOneCannotBeClosed() {
    opened.<AutoCloseable>add(() -> closed.add("first"));
    opened.<AutoCloseable>add(() -> {
      throw new IllegalStateException("cannot be closed");
    });
    opened.close();
    assertThat(closed).containsExactly("first");
  }
}
