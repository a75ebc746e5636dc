package dev.gretchen.engine.internal.observe;

import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.task.TaskId;
import org.junit.jupiter.api.Test;

class LineageTest {

  @Test
  void writesTheFieldsOfTheContractInTheirOrder() {
    Lineage.Stamp stamp = new Lineage("w1").stamp(new TaskId("colors", 3), 7, 42);

    assertThat(text(stamp.of(100, 105))).isEqualTo("v1,colors,3,100,105,w1,7,42");
    assertThat(text(stamp.of(0, Long.MAX_VALUE)))
        .isEqualTo("v1,colors,3,0,9223372036854775807,w1,7,42");
    assertThat(text(stamp.of(9, 10))).isEqualTo("v1,colors,3,9,10,w1,7,42");
    assertThat(text(stamp.of(9, 9))).isEqualTo("v1,colors,3,9,9,w1,7,42");
  }
}
