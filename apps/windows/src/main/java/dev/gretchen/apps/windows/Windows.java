package dev.gretchen.apps.windows;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Every;
import dev.gretchen.engine.SessionTable;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.WindowedTable;
import dev.gretchen.engine.Worker;
import java.time.Duration;

/// Gathers page views from a hierarchy of topics, by page and by user, and counts them in windows,
/// in sessions, and for as long as a page is looked at.
public final class Windows {

  private static final Duration SECOND = Duration.ofSeconds(1);

  /// What the value of a view begins with; anything else, such as a robot's, is no view of a page.
  private static final String PAGE = "page-";

  private Windows() {}

  public static void main(String[] arguments) {
    Worker.main(arguments, _ -> app());
  }

  /// The app: `views.*.*` -> gather -> `page-views` and `user-views` -> count.
  public static App app() {
    App app = App.named("windows");

    Topic<String, String> byPage = app.topic("page-views", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> byUser = app.topic("user-views", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> latePages = app.topic("late-page-views", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> lateUsers = app.topic("late-user-views", Codecs.utf8(), Codecs.utf8());

    app.agent(
        "gather",
        app.topics("views.*.*", Codecs.utf8(), Codecs.utf8())
            .filter(view -> view.value().startsWith(PAGE)),
        view -> {
          String page = region(view.topic()) + "/" + view.value();
          byPage.send(page, view.key());
          byUser.send(view.key(), page);
        });

    Table<String, Tally> total = tallies(app, "page-total");
    Table<String, Tally> recent = tallies(app, "page-recent").expireAfter(SECOND.multipliedBy(5));
    WindowedTable<String, Tally> tumbling =
        tallies(app, "page-window")
            .tumbling(SECOND.multipliedBy(5))
            .grace(SECOND.multipliedBy(2))
            .retained(SECOND.multipliedBy(10))
            .lateTo(latePages);
    tellClosed(app, "page-window-closed", tumbling);
    WindowedTable<String, Tally> hopping =
        tallies(app, "page-hop")
            .hopping(SECOND.multipliedBy(6), SECOND.multipliedBy(2))
            .grace(SECOND)
            .retained(SECOND)
            .lateTo(latePages);
    tellClosed(app, "page-hop-closed", hopping);

    app.agent(
            "count",
            byPage,
            view -> {
              total.merge(view.key(), view.id(), Tally::plus);
              recent.merge(view.key(), view.id(), Tally::plus);
              tumbling.merge(view.key(), view.id(), Tally::plus);
              hopping.merge(view.key(), view.id(), Tally::plus);
            })
        .uses(total, recent)
        .uses(tumbling, hopping);

    Topic<String, Closed> sessionsClosed =
        app.topic("user-session-closed", Codecs.utf8(), Codecs.json(Closed.class));
    SessionTable<String, Tally> sessions =
        tallies(app, "user-session")
            .sessions(SECOND.multipliedBy(3), Tally::and)
            .retained(SECOND.multipliedBy(2))
            .lateTo(lateUsers)
            .onClose(session -> sessionsClosed.send(session.key(), Closed.of(session)));

    app.agent("follow", byUser, view -> sessions.merge(view.key(), view.id(), Tally::plus))
        .uses(sessions);

    Topic<String, String> ticks = app.topic("ticks", Codecs.utf8(), Codecs.utf8());
    app.onLeader(
        "tick",
        Every.every(SECOND.multipliedBy(5)),
        tick -> ticks.send(tick.timer(), Long.toString(tick.at().toEpochMilli())));

    return app;
  }

  private static Table<String, Tally> tallies(App app, String name) {
    return app.table(name, Codecs.utf8(), Tally.json(), Tally::zero);
  }

  private static void tellClosed(App app, String topic, WindowedTable<String, Tally> table) {
    Topic<String, Closed> closed = app.topic(topic, Codecs.utf8(), Codecs.json(Closed.class));
    table.onClose(window -> closed.send(window.key(), Closed.of(window)));
  }

  /// The region of a topic such as `views.eu.shop`.
  private static String region(String topic) {
    int from = topic.indexOf('.') + 1;
    return topic.substring(from, topic.indexOf('.', from));
  }
}
