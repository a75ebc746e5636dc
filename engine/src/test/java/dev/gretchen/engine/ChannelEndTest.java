package dev.gretchen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.internal.channel.ChannelReader;
import dev.gretchen.engine.internal.channel.ChannelSpec;
import dev.gretchen.engine.internal.channel.Channels;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.observe.Meters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelEndTest {

  private static final Duration BOUND = Duration.ofSeconds(3);

  private final FakeSurroundings surroundings = new FakeSurroundings();
  private final List<Throwable> fatal = new ArrayList<>();
  private final Channel<String> news = new Channel<>("news");

  @Test
  void whoeverTakesHasWhatWasSentInItsOrder() {
    ChannelEnd<String> end = new ChannelEnd<>(news, channels());
    assertThat(end.send("a", BOUND)).isTrue();
    assertThat(end.send("b", BOUND)).isTrue();
    assertThat(end.take(BOUND)).contains("a");
    assertThat(end.take(BOUND)).contains("b");
    assertThat(end.take(BOUND)).isEmpty();
    assertThat(surroundings.nanoTime()).as("waited for").isEqualTo(BOUND.toNanos());
  }

  @Test
  void whoeverSendsWaitsForRoomAndNoLongerThanTheBound() {
    ChannelEnd<String> end = new ChannelEnd<>(news, channels());
    end.send("a", BOUND);
    end.send("b", BOUND);
    assertThat(end.send("c", BOUND)).isFalse();
    assertThat(surroundings.nanoTime()).isEqualTo(BOUND.toNanos());
    surroundings.inNextWait(() -> end.take(Duration.ZERO));
    assertThat(end.send("d", BOUND)).isTrue();
    assertThat(List.of(end.take(BOUND), end.take(BOUND)))
        .extracting(value -> value.orElse("none"))
        .containsExactly("b", "d");
  }

  @Test
  void aStoppedWorkerTakesNothingMoreAndGivesWhatIsLeft() {
    Channels channels = channels();
    ChannelEnd<String> end = new ChannelEnd<>(news, channels);
    end.send("a", BOUND);
    channels.stop(BOUND);
    assertThatThrownBy(() -> end.send("b", BOUND))
        .hasMessageContaining("channel news is closed, since its worker stops");
    assertThat(end.take(BOUND)).contains("a");
    assertThat(end.take(BOUND)).as("at once").isEmpty();
    assertThat(surroundings.nanoTime()).isZero();
  }

  @Test
  void theValuesOfAChannelWithAgentsAreTheirs() {
    ChannelEnd<String> end = new ChannelEnd<>(news, channels(new ChannelReader("print", _ -> {})));
    assertThatThrownBy(() -> end.take(BOUND))
        .hasMessageContaining("channel news is read by agent print, to which its values go");
  }

  @Test
  void aStopLetsAgentsComeToTheEndOfWhatWasSent() {
    List<Object> read = new ArrayList<>();
    Channels channels = channels(new ChannelReader("print", read::add));
    channels.start();
    ChannelEnd<String> end = new ChannelEnd<>(news, channels);
    end.send("a", BOUND);
    end.send("b", BOUND);
    surroundings.inNextWait(surroundings::runAll);
    channels.stop(BOUND);
    assertThat(read).containsExactly("a", "b");
    assertThat(surroundings.nanoTime()).as("no longer than that takes").isZero();
  }

  @Test
  void anAgentThatDoesNotEndInTimeIsCut() {
    Channels channels = channels(new ChannelReader("print", _ -> {}));
    channels.start();
    ChannelEnd<String> end = new ChannelEnd<>(news, channels);
    end.send("a", BOUND);
    channels.stop(BOUND);
    assertThat(surroundings.nanoTime()).as("waited for").isEqualTo(BOUND.toNanos());
    surroundings.runAll();
    assertThat(fatal).isEmpty();
  }

  private Channels channels(ChannelReader... readers) {
    return new Channels(
        List.of(new ChannelSpec("news", 2, List.of(readers))),
        surroundings,
        new Meters(),
        fatal::add);
  }
}
