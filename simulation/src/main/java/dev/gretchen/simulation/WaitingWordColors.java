package dev.gretchen.simulation;

import dev.gretchen.apps.wordcolors.Palette;
import dev.gretchen.apps.wordcolors.Tally;
import dev.gretchen.engine.Agent;
import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Take;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.WindowedTable;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
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

  /// How long the events of a batch wait for others.
  private static final Duration WITHIN = Duration.ofMillis(30);

  private final RandomGenerator random;
  private final List<String> failures;
  private final Set<String> underWay = new HashSet<>();

  /// @param random asked in simulated code only
  /// @param failures takes a sentence where events overlap that must not
  WaitingWordColors(RandomGenerator random, List<String> failures) {
    this.random = random;
    this.failures = failures;
  }

  App app(Palette palette, Setup setup) {
    App app = App.named(WordColorsContract.GROUP);
    Topic<String, String> words = app.topic(WordColorsContract.INPUT, Codecs.utf8(), Codecs.utf8());
    Topic<String, String> colors =
        app.topic(WordColorsContract.COLORS, Codecs.utf8(), Codecs.utf8());
    Topic<String, Tally> counts = app.topic(WordColorsContract.COUNTS, Codecs.utf8(), Tally.json());
    Table<String, Tally> total = app.table("color-total", Codecs.utf8(), Tally.json(), Tally::zero);
    WindowedTable<String, Tally> perMinute =
        app.table("color-minute", Codecs.utf8(), Tally.json(), Tally::zero)
            .tumbling(Duration.ofMinutes(1))
            .retained(Duration.ofHours(1));
    Consumer<Event<String, String>> filter =
        word -> {
          if (palette.contains(word.value())) {
            colors.send(word.value(), word.value());
          }
        };
    Consumer<Event<String, String>> count =
        color -> {
          Tally tally = total.merge(color.key(), color.id(), Tally::plus);
          perMinute.merge(color.key(), color.id(), Tally::plus);
          counts.send(color.key(), tally);
        };
    Agent<String, String> filters = agent(app, "filter", words, setup.take(), filter);
    Agent<String, String> counters = agent(app, "count", colors, setup.take(), count);
    counters.uses(total).uses(perMinute);
    if (setup.concurrency() > 1) {
      filters.concurrency(setup.concurrency()).laneBy(Codecs.utf8(), Event::value);
      counters.concurrency(setup.concurrency());
    }
    return app;
  }

  private Agent<String, String> agent(
      App app,
      String name,
      Topic<String, String> topic,
      int take,
      Consumer<Event<String, String>> effects) {
    if (take == 1) {
      return app.agent(name, topic, event -> alone(event, () -> effects.accept(event)))
          .onFailure(policy(RETRIES));
    }
    return app.agent(name, topic, new Take(take, WITHIN), batch -> together(batch, effects))
        .onFailure(policy(1));
  }

  private static FailurePolicy policy(int retries) {
    return new FailurePolicy.DeadLetter(retries, FIRST_PAUSE)
        .pausingAtMost(LONGEST_PAUSE)
        .jittered(1);
  }

  /// Waits, has the effects, waits again, and perhaps fails then. Words of one value are one lane,
  /// and so are colours of one key, which is their value.
  private void alone(Event<String, String> event, Runnable effects) {
    String lane = lane(event);
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

  /// As [#alone], for a batch, which may fail for good. By itself none of its events fails then:
  /// the contract has no dead letters.
  private void together(
      List<Event<String, String>> batch, Consumer<Event<String, String>> effects) {
    Set<String> lanes = new HashSet<>();
    batch.forEach(event -> lanes.add(lane(event)));
    for (String lane : lanes) {
      if (!underWay.add(lane)) {
        failures.add(
            "two batches with " + lane + " are under way at a time, the later at " + batch);
      }
    }
    Event<String, String> any = batch.getFirst();
    try {
      any.sleep(aWhile());
      batch.forEach(event -> event.causes(() -> effects.accept(event)));
      any.sleep(aWhile());
      if (batch.size() > 1 && random.nextInt(8) == 0) {
        throw new IllegalStateException("as services do");
      }
    } finally {
      underWay.removeAll(lanes);
    }
  }

  private static String lane(Event<String, String> event) {
    return event.topic() + "-" + event.partition() + " " + event.value();
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
