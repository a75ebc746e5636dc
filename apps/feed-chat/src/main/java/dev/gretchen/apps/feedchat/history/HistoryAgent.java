package dev.gretchen.apps.feedchat.history;

import dev.gretchen.apps.feedchat.FeedPost;
import dev.gretchen.engine.App;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.Take;
import dev.gretchen.engine.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The agent that fills a [History]. It reads `feed` with a progress of its own: a history that is
/// away holds up nothing but this, and misses nothing when it is back.
public final class HistoryAgent {

  private static final Take BATCH = new Take(200, Duration.ofMillis(20));

  /// For as long as it takes.
  private static final FailurePolicy UNTIL_IT_IS_BACK =
      new FailurePolicy.DeadLetter(Integer.MAX_VALUE, Duration.ofMillis(100))
          .pausingAtMost(Duration.ofSeconds(5))
          .jittered(FailurePolicy.STANDARD_JITTER);

  private HistoryAgent() {}

  /// Declares it.
  ///
  /// @param feed of the app
  public static void declare(App app, Topic<String, FeedPost> feed, History history) {
    app.agent("history", feed, BATCH, batch -> history.add(byRoom(batch)))
        .onFailure(UNTIL_IT_IS_BACK);
  }

  private static Map<String, List<FeedPost>> byRoom(List<Event<String, FeedPost>> batch) {
    Map<String, List<FeedPost>> byRoom = new LinkedHashMap<>();
    for (Event<String, FeedPost> event : batch) {
      byRoom.computeIfAbsent(event.key(), _ -> new ArrayList<>()).add(event.value());
    }
    return byRoom;
  }
}
