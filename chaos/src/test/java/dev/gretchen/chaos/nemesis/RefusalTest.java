package dev.gretchen.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RefusalTest {
  private static final TopicPartition PARTITION = new TopicPartition("words", 3);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the committed offset of words-3 is 100, but the log begins at 250: events were deleted",
        "starting\nERROR offsets lie outside the log of [words-3]; set them by hand\nat Main",
        "Fetch position of words-3 is OUT_OF_RANGE"
      })
  void whoeverNamesThePartitionAndItsLossRefuses(String log) {
    assertThat(Refusal.isIn(log, PARTITION)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "assigned words-3, recovering",
        "events of words-31 were deleted",
        "events of key-words-3 were deleted",
        "assigned words-3\nold files deleted",
        "NullPointerException"
      })
  void whoeverEndsForAnotherReasonDoesNot(String log) {
    assertThat(Refusal.isIn(log, PARTITION)).isFalse();
  }
}
