package dev.gretchen.apps.feedchat;

import dev.gretchen.apps.feedchat.front.ChatFront;
import dev.gretchen.apps.feedchat.front.FrontOptions;
import dev.gretchen.apps.feedchat.history.HistoryAgent;
import dev.gretchen.apps.feedchat.history.RedisHistory;
import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.FailurePolicy;
import dev.gretchen.engine.GlobalTable;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import dev.gretchen.engine.Worker;
import dev.gretchen.engine.WorkerOptions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A chat that survives its servers.
///
///     chat-events (by user) ──admit──> admitted (by room) ──number──> feed (by room)
///          ├── banned ──> bans (global)          └── recent
///          ├── posted
///          └──> rejected (by user)
///
/// A user's posts and bans are in one partition of one topic: so whether a post came before or after
/// a ban is what the log says, and nobody else.
public final class FeedChat {

  /// An event that breaks a rule does so each time.
  private static final FailurePolicy AT_ONCE = new FailurePolicy.DeadLetter(0, Duration.ZERO);

  private final App app = App.named("feed-chat");
  private final Topic<String, ChatEvent> events = topic("chat-events", ChatEvent.class);
  private final Topic<String, Admitted> admitted = topic("admitted", Admitted.class);
  private final Topic<String, FeedPost> feed = topic("feed", FeedPost.class);
  private final Topic<String, Rejection> rejected = topic("rejected", Rejection.class);
  private final Topic<String, BanInForce> bans = topic("bans", BanInForce.class);

  private final Table<String, BanInForce> banned =
      app.table("banned", Codecs.utf8(), Codecs.json(BanInForce.class), FeedChat::noBan)
          .publishTo(bans);

  private final Table<String, PostedIds> posted =
      app.table("posted", Codecs.utf8(), Codecs.json(PostedIds.class), PostedIds::none);

  private final Table<String, Recent> recent =
      app.table("recent", Codecs.utf8(), Codecs.json(Recent.class), Recent::empty);

  private final GlobalTable<String, BanInForce> bansEverywhere = app.globalTable("bans", bans);

  private FeedChat() {
    app.agent("admit", events, this::admit).uses(banned, posted).onFailure(AT_ONCE);
    app.agent("number", admitted, this::number).uses(recent).onFailure(AT_ONCE);
  }

  public static void main(String[] arguments) {
    Worker.main(arguments, options -> app(options, System.getenv("CHAT_MODERATOR_TOKEN")));
  }

  /// The app as its command line says, with the front that serves its clients.
  ///
  /// @param token the moderators', or null where the options name a file, or nobody is one
  /// @throws IllegalArgumentException naming the option that is not understood
  public static App app(WorkerOptions options, @Nullable String token) {
    FeedChat chat = new FeedChat();
    Optional<RedisHistory> redis = RedisHistory.of(options.take("redis", ""));
    redis.ifPresent(history -> HistoryAgent.declare(chat.app, chat.feed, history));
    FrontOptions front = FrontOptions.of(options, token);
    return chat.app.front((worker, web) -> ChatFront.open(chat, worker, web, front, redis));
  }

  /// The app without a front: its agents and tables alone.
  public static App app() {
    return new FeedChat().app;
  }

  private <V> Topic<String, V> topic(String name, Class<V> values) {
    return app.topic(name, Codecs.utf8(), Codecs.json(values));
  }

  /// Lets a post in, or not; by what the log says before it, and nothing else.
  private void admit(Event<String, ChatEvent> event) {
    String user = Rules.user(event.key());
    switch (event.value()) {
      case ChatEvent.Post post -> {
        String id = id(event);
        Optional<BanInForce> ban = banned.get(user);
        if (ban.isPresent()) {
          reject(event, post, Rejection.Reason.banned, ban.get().version());
        } else if (posted.get(user).orElse(PostedIds.none()).contains(id)) {
          reject(event, post, Rejection.Reason.repeated, null);
        } else {
          posted.merge(user, id, PostedIds::plus);
          admitted.send(post.room(), new Admitted(user, post.text()));
        }
      }
      case ChatEvent.Ban(String by, String reason) ->
          banned.put(user, new BanInForce(event.offset(), by, reason, event.timestamp()));
      case ChatEvent.Unban _ -> banned.remove(user);
    }
  }

  private void reject(
      Event<String, ChatEvent> event,
      ChatEvent.Post post,
      Rejection.Reason reason,
      @Nullable Long version) {
    rejected.send(
        event.key(),
        new Rejection(id(event), post.room(), reason, version, event.partition(), event.offset()));
  }

  /// Gives a post its place in its room.
  private void number(Event<String, Admitted> event) {
    String room = Rules.room(event.key());
    Recent before = recent.get(room).orElse(Recent.empty());
    FeedPost next =
        new FeedPost(
            before.last() + 1,
            id(event),
            event.value().user(),
            event.value().text(),
            event.timestamp());
    recent.put(room, before.plus(next));
    feed.send(room, next);
  }

  /// A post is known by its id, from the client that has sent it to all that are shown it.
  private static String id(Event<?, ?> event) {
    byte[] header = event.header(Event.ID_HEADER);
    if (header == null || header.length != Long.BYTES) {
      throw new IllegalArgumentException(
          event
              + " is a post without an id; expected the header "
              + Event.ID_HEADER
              + " of 8 bytes");
    }
    return HexFormat.of().toHexDigits(event.id());
  }

  private static BanInForce noBan() {
    throw new IllegalStateException("nobody is banned to begin with");
  }

  /// Posts and bans, by user.
  public Topic<String, ChatEvent> events() {
    return events;
  }

  /// Numbered posts, by room.
  public Topic<String, FeedPost> feed() {
    return feed;
  }

  /// Posts that were not let in, by user.
  public Topic<String, Rejection> rejected() {
    return rejected;
  }

  /// A room's last posts.
  public Table<String, Recent> recent() {
    return recent;
  }

  /// Who is banned, known on every worker.
  public GlobalTable<String, BanInForce> bans() {
    return bansEverywhere;
  }
}
