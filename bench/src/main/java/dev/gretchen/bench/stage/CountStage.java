package dev.gretchen.bench.stage;

import dev.gretchen.apps.wordcolors.Tally;
import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.Worker;

/// The count stage of word-colors without the rest: `colors` -> count -> table `color-total`.
///
/// Its changes reach the table's changelog, one for each key and commit. When a table can publish
/// them to a topic, this is where it says so: `total.publishTo(counts)`; the peers have that
/// program already (`Stage.CHANGES_PUBLISHED`).
public final class CountStage {

  private CountStage() {}

  public static void main(String[] arguments) {
    Worker.main(arguments, options -> app());
  }

  static App app() {
    App app = App.named("count-stage");
    Topic<String, String> colors = app.topic("colors", Codecs.utf8(), Codecs.utf8());
    Table<String, Tally> total =
        app.table("color-total", Codecs.utf8(), Codecs.json(Tally.class), Tally::zero);
    app.agent("count", colors, color -> total.merge(color.key(), color.id(), Tally::plus))
        .uses(total);
    return app;
  }
}
