package dev.gretchen.simulation;

import dev.gretchen.apps.wordcolors.Palette;
import dev.gretchen.apps.wordcolors.Tally;
import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.WindowedTable;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// word-colors with handlers as they are where services are called: several events of a partition
/// at a time, most of them quick, some slow, a few that hang; and now and then one fails when it
/// has had its effects, and is tried again. Its contract is the same, and so is what it is judged
/// by.
///
/// One for each process. It says where two events of a lane overlap.
final class WaitingWordColors {

  /// Enough that no event fails for good: the contract has no dead letters.
  private static final int RETRIES = 40;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(40);

  private final RandomGenerator random;
  private final List<String> failures;
  private final Set<String> underWay = new HashSet<>();

  /// @param random asked in simulated code only
  /// @param failures takes a sentence where events overlap that must not
  WaitingWordColors(RandomGenerator random, List<String> failures) {
    this.random = random;
    this.failures = failures;
  }

  App app(Palette palette, int concurrency) {
    App app = App.named(WordColorsContract.GROUP);
    Topic<String, String> words = app.topic(WordColorsContract.INPUT, Codecs.utf8(), Codecs.utf8());
    Topic<String, String> colors =
        app.topic(WordColorsContract.COLORS, Codecs.utf8(), Codecs.utf8());
    Topic<String, Tally> counts =
        app.topic(WordColorsContract.COUNTS, Codecs.utf8(), Codecs.json(Tally.class));
    Table<String, Tally> total =
        app.table("color-total", Codecs.utf8(), Codecs.json(Tally.class), Tally::zero);
    WindowedTable<String, Tally> perMinute =
        app.table("color-minute", Codecs.utf8(), Codecs.json(Tally.class), Tally::zero)
            .tumbling(Duration.ofMinutes(1))
            .retained(Duration.ofHours(1));
    FailurePolicy patient =
        new FailurePolicy.DeadLetter(RETRIES, FIRST_PAUSE).pausingAtMost(LONGEST_PAUSE).jittered(1);
    app.agent(
            "filter",
            words,
            word ->
                alone(
                    word,
                    () -> {
                      if (palette.contains(word.value())) {
                        colors.send(word.value(), word.value());
                      }
                    }))
        .concurrency(concurrency)
        .laneBy(Codecs.utf8(), Event::value)
        .onFailure(patient);
    app.agent(
            "count",
            colors,
            color ->
                alone(
                    color,
                    () -> {
                      Tally tally = total.merge(color.key(), color.id(), Tally::plus);
                      perMinute.merge(color.key(), color.id(), Tally::plus);
                      counts.send(color.key(), tally);
                    }))
        .uses(total)
        .uses(perMinute)
        .concurrency(concurrency)
        .onFailure(patient);
    return app;
  }

  /// Waits, has the effects, waits again, and perhaps fails then. Words of one value are one lane,
  /// and so are colours of one key, which is their value.
  private void alone(Event<String, String> event, Runnable effects) {
    String lane = event.topic() + "-" + event.partition() + " " + event.value();
    if (!underWay.add(lane)) {
      failures.add("two events of " + lane + " are under way at a time, the later at " + event);
    }
    try {
      event.sleep(aWhile());
      effects.run();
      event.sleep(aWhile());
      if (random.nextInt(40) == 0) {
        throw new IllegalStateException("as services do");
      }
    } finally {
      underWay.remove(lane);
    }
  }

  private Duration aWhile() {
    int kind = random.nextInt(1_000);
    int millis;
    if (kind < 700) {
      millis = 0;
    } else if (kind < 980) {
      millis = random.nextInt(20);
    } else if (kind < 999) {
      millis = random.nextInt(300);
    } else {
      millis = random.nextInt(12_000);
    }
    return Duration.ofMillis(millis);
  }
}
