package dev.gretchen.chaos.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class StartFailureTest {
  private static final Path FOLDER = Path.of("brokers", "broker-2");

  @Test
  void namesAFullDisk() {
    StartFailure failure =
        StartFailure.of(2, 1, FOLDER, "java.io.IOException: No space left on device");
    assertThat(failure.sentence())
        .isEqualTo(
            "Broker 2 died because the disk that holds brokers/broker-2 is full; free some space.");
    assertThat(failure.portTaken()).isFalse();
  }

  @Test
  void asksForAnotherAttemptOnlyWhereAPortWasTaken() {
    assertThat(StartFailure.of(1, 1, FOLDER, "bind: Address already in use").portTaken()).isTrue();
    assertThat(StartFailure.of(1, 1, FOLDER, "OutOfMemoryError").portTaken()).isFalse();
  }

  @Test
  void showsTheEndOfTheLogOtherwise() {
    assertThat(StartFailure.of(3, 134, FOLDER, "a strange thing").toException())
        .hasMessageContaining("Broker 3 died with exit status 134")
        .hasMessageContaining("a strange thing");
  }
}
