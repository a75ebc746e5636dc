package dev.gretchen.bench.stage;

import dev.gretchen.apps.wordcolors.Tally;
import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.Worker;

/// The count stage of word-colors without the rest: `colors` -> count -> table `color-total`, whose
/// changes go to `color-counts`, one for each key and commit.
public final class CountStage {

  private CountStage() {}

  public static void main(String[] arguments) {
    Worker.main(arguments, options -> app());
  }

  static App app() {
    App app = App.named("count-stage");
    Topic<String, String> colors = app.topic("colors", Codecs.utf8(), Codecs.utf8());
    Topic<String, Tally> counts = app.topic("color-counts", Codecs.utf8(), Tally.json());
    Table<String, Tally> total =
        app.table("color-total", Codecs.utf8(), Tally.json(), Tally::zero).publishTo(counts);
    app.agent("count", colors, color -> total.merge(color.key(), color.id(), Tally::plus))
        .uses(total);
    return app;
  }
}
