package dev.gretchen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Questions to agents on a real broker, with two workers.
class AskIT {

  @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

  private static final Duration BOUND = Duration.ofSeconds(40);

  @TempDir private Path directory = Path.of("");

  @Test
  void answersComeBackToWhoeverHasAskedWhoeverHandlesTheQuestion() throws Exception {
    KAFKA.createTopic("asking-in", 4);
    Asking one = new Asking();
    Asking other = new Asking();
    try (Worker first = start(one.app, "w1")) {
      assertThat(first.ask(one.doubling, "k", 21L, BOUND)).contains(42L);
      assertThat(first.ask(one.doubling, "k", 0L, BOUND)).as("nothing to say").isEmpty();
      try (Worker second = start(other.app, "w2")) {
        for (int round = 0; round < 5; round++) {
          assertThat(first.askAll(one.doubling, questions(round), BOUND)).isEqualTo(doubled(round));
          assertThat(second.askAll(other.doubling, questions(round), BOUND))
              .isEqualTo(doubled(round));
        }
      }
      // the second worker's partitions are coming back meanwhile
      assertThat(first.askAll(one.doubling, questions(7), BOUND)).isEqualTo(doubled(7));

      assertThatThrownBy(() -> first.ask(one.doubling, "k", -1L, Duration.ofSeconds(2)))
          .isInstanceOf(NoAnswer.class)
          .hasMessageContaining("agent double has not answered within PT2S")
          .hasMessageContaining("dead-letter topic");
    }
    assertThat(KAFKA.committed("asking-dead-letters")).hasSize(1);
  }

  private static List<Map.Entry<String, Long>> questions(int round) {
    List<Map.Entry<String, Long>> questions = new ArrayList<>();
    for (long i = 1; i <= 50; i++) {
      questions.add(Map.entry("k" + i, i + round * 100L));
    }
    return questions;
  }

  private static List<Optional<Long>> doubled(int round) {
    return questions(round).stream().map(question -> Optional.of(2 * question.getValue())).toList();
  }

  /// Doubles numbers, has nothing to say of zero, and fails for those below.
  private static final class Asking {
    final App app = App.named("asking");
    final Topic<String, Long> in = app.topic("asking-in", Codecs.utf8(), Codecs.int64());
    final Answering<String, Long, Long> doubling =
        app.answering("double", in, Codecs.int64(), question -> doubled(question.value()));

    Asking() {
      doubling.agent().onFailure(new FailurePolicy.DeadLetter(0, Duration.ZERO));
    }

    private static @org.jspecify.annotations.Nullable Long doubled(long number) {
      if (number < 0) {
        throw new IllegalArgumentException("cannot double " + number);
      }
      return number == 0 ? null : 2 * number;
    }
  }

  private Worker start(App app, String worker) {
    return Worker.start(
        app,
        WorkerOptions.of(
            List.of(
                "--bootstrap=" + KAFKA.bootstrap(),
                "--worker=" + worker,
                "--state-dir=" + directory.resolve(worker)),
            Map.of()));
  }
}
