package dev.gretchen.apps.wordcolors;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.WindowedTable;
import dev.gretchen.engine.Worker;
import java.time.Duration;

/// Counts colour words: in all, and by minute.
public final class WordColors {

  private WordColors() {}

  public static void main(String[] arguments) {
    Worker.main(
        arguments,
        options ->
            app(
                Palette.parse(options.take("palette", "primary")),
                Version.parse(options.take("version", "1"))));
  }

  /// The app: `words` -> filter -> `colors` -> count -> `color-counts`.
  public static App app(Palette palette) {
    return app(palette, Version.FIRST);
  }

  /// The app in one of its versions, both of which may be in one group while it is upgraded.
  public static App app(Palette palette, Version version) {
    App app = App.named("word-colors");

    Topic<String, String> words = app.topic("words", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> colors = app.topic("colors", Codecs.utf8(), Codecs.utf8());
    Topic<String, Tally> counts = app.topic("color-counts", Codecs.utf8(), Tally.json());

    Table<String, Tally> total = app.table("color-total", Codecs.utf8(), Tally.json(), Tally::zero);
    WindowedTable<String, Tally> perMinute =
        app.table("color-minute", Codecs.utf8(), Tally.json(), Tally::zero)
            .tumbling(Duration.ofMinutes(1))
            .retained(Duration.ofHours(1));

    app.agent(
        "filter",
        words,
        word -> {
          if (palette.contains(word.value())) {
            colors.send(word.value(), word.value());
          }
        });

    app.agent(
            "count",
            colors,
            color -> {
              Tally tally = total.merge(color.key(), color.id(), Tally::plus);
              perMinute.merge(color.key(), color.id(), Tally::plus);
              counts.send(color.key(), tally);
            })
        .uses(total)
        .uses(perMinute);

    if (version == Version.SECOND) {
      countHours(app, colors);
    }
    return app;
  }

  /// What the second version has more: a table by the hour, which begins empty.
  private static void countHours(App app, Topic<String, String> colors) {
    WindowedTable<String, Tally> perHour =
        app.table("color-hour", Codecs.utf8(), Codecs.json(Tally.class), Tally::zero)
            .tumbling(Duration.ofHours(1))
            .retained(Duration.ofDays(1));
    app.agent(
            "count-hours",
            colors,
            color -> {
              perHour.merge(color.key(), color.id(), Tally::plus);
            })
        .uses(perHour);
  }
}
