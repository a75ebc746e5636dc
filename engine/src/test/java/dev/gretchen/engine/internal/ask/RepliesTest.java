package dev.gretchen.engine.internal.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.NoAnswer;
import dev.gretchen.engine.internal.fakes.FakeClients;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class RepliesTest {

  private static final Duration BOUND = Duration.ofSeconds(2);
  private static final Callee CALLEE = new Callee("take", "stock");

  private final FakeClients clients = new FakeClients();
  private final FakeSurroundings surroundings = new FakeSurroundings(clients);
  private final Replies replies =
      new Replies(surroundings, "app-replies", "w1", Map.of("stock", "take"));

  @Test
  void opensNothingBeforeSomebodyAsks() {
    replies.step();
    assertThat(clients.asked()).isEmpty();
  }

  @Test
  void readsCommittedAnswersAlone() {
    clients.with(
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()));
    assertThatThrownBy(() -> ask(1)).isInstanceOf(NoAnswer.class);
    assertThatThrownBy(replies::step).as("no consumer was laid ready").isNotNull();
    assertThat(clients.asked().getLast())
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("enable.auto.commit", false)
        .doesNotContainKey("group.id");
    assertThat(clients.asked().getFirst()).doesNotContainKey("transactional.id");
  }

  @Test
  void saysThatTheReplyTopicCannotBeReached() {
    assertThatThrownBy(() -> ask(1))
        .isInstanceOf(NoAnswer.class)
        .hasMessageContaining(
            "agent take was not asked: this worker could not reach its reply topic within PT2S");
    assertThat(surroundings.nanoTime()).isEqualTo(BOUND.toNanos());
  }

  @Test
  void asksNoMoreAtATimeThanItWouldRemember() {
    assertThatThrownBy(() -> ask(Replies.PENDING_MAX + 1))
        .isInstanceOf(NoAnswer.class)
        .hasMessageContaining("more than 10000 questions of this worker would wait")
        .hasMessageContaining("ask fewer at a time");
    assertThatThrownBy(() -> ask(Replies.PENDING_MAX)).hasMessageContaining("could not reach");
    assertThatThrownBy(() -> ask(Replies.PENDING_MAX))
        .as("whoever has given up makes room")
        .hasMessageContaining("could not reach");
  }

  @Test
  void saysThatTheWorkerStops() {
    replies.stop();
    assertThatThrownBy(() -> ask(1)).hasMessageContaining("this worker stops");
    assertThat(replies.step()).isFalse();
  }

  @Test
  void nothingAskedIsNothingAnswered() {
    assertThat(ask(0)).isEmpty();
  }

  private List<?> ask(int questions) {
    Question question = new Question(new byte[] {1}, new byte[] {2});
    return replies.ask(CALLEE, Collections.nCopies(questions, question), BOUND, Patience.PLAIN);
  }
}
