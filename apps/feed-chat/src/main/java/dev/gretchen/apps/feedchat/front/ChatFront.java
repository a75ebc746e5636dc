package dev.gretchen.apps.feedchat.front;

import dev.gretchen.apps.feedchat.BanInForce;
import dev.gretchen.apps.feedchat.ChatEvent;
import dev.gretchen.apps.feedchat.FeedChat;
import dev.gretchen.apps.feedchat.FeedPost;
import dev.gretchen.apps.feedchat.Rejection;
import dev.gretchen.apps.feedchat.history.RedisHistory;
import dev.gretchen.apps.feedchat.push.BanLookup;
import dev.gretchen.apps.feedchat.push.Client;
import dev.gretchen.apps.feedchat.push.Goodbye;
import dev.gretchen.apps.feedchat.push.Pushers;
import dev.gretchen.engine.Followed;
import dev.gretchen.engine.Follower;
import dev.gretchen.engine.Front;
import dev.gretchen.engine.GlobalView;
import dev.gretchen.engine.Socket;
import dev.gretchen.engine.SocketListener;
import dev.gretchen.engine.SocketView;
import dev.gretchen.engine.TopicWriter;
import dev.gretchen.engine.View;
import dev.gretchen.engine.Web;
import dev.gretchen.engine.WebAnswer;
import dev.gretchen.engine.WebRequest;
import dev.gretchen.engine.Worker;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a worker of the chat serves: the page, the sockets, the views. Any thread.
///
/// It reads all of `feed` and `rejected`, whatever tasks this worker has: so any worker serves any
/// client any room, and a worker that dies takes nobody's posts with it. It serves nobody before it
/// has read what there was when it started; the engine has completed the copy of the bans by then.
public final class ChatFront implements Front.Service, SocketView {

  private static final Logger LOG = LoggerFactory.getLogger(ChatFront.class);

  /// Of each partition of `feed`, before this worker serves: transactions' markers take offsets
  /// too, one for each post at the worst.
  private static final int OFFSETS_READ = 3 * Pushers.POSTS_HELD;

  private static final BanLookup NOBODY = _ -> OptionalLong.empty();

  private final FrontOptions options;
  private final Worker worker;
  private final Pushers pushers;
  private final Desk desk;
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean caughtUp;
  private volatile @Nullable Throwable failure;

  private ChatFront(FeedChat chat, Worker worker, FrontOptions options, RoomReader rooms) {
    this.options = options;
    this.worker = worker;
    this.pushers =
        new Pushers(
            worker.name(), bans(chat, worker, options), rooms, options.push(), this::pusherFailed);
    TopicWriter<String, ChatEvent> writer = worker.writer(chat.events());
    EventLog events = writer::append;
    this.desk =
        new Desk(
            new ServerFrames.Served(worker.name(), worker.incarnation()),
            options,
            new PostRates(options.postsPerSecond(), options.postsAtOnce(), System::nanoTime),
            events,
            new Moderation(events),
            connections::decrementAndGet);
  }

  /// Opens the front on a worker.
  ///
  /// @param redis where the last posts are kept too, if anywhere
  public static ChatFront open(
      FeedChat chat, Worker worker, Web web, FrontOptions options, Optional<RedisHistory> redis) {
    RoomReader rooms = new RoomReader(worker.view(chat.recent()));
    ChatFront front = new ChatFront(chat, worker, options, rooms);
    ModeratorToken token = options.access().token();
    Moderation moderation = front.desk.moderation();
    web.socket("/chat", ServerFrames.FRAME_BYTES_MAX, front);
    web.view(
        "GET",
        "/rooms/{room}/recent",
        front.onceReady(new RecentView(rooms, bans(chat, worker, options), redis, worker.name())));
    web.view("PUT", "/users/{user}/ban", front.onceReady(new BanView(token, moderation, true)));
    web.view("DELETE", "/users/{user}/ban", front.onceReady(new BanView(token, moderation, false)));
    new Page(options.access().origins()).serve(web);
    worker.follow(chat.feed(), OFFSETS_READ, front.new Feed());
    worker.follow(chat.rejected(), 0, front.new Rejected());
    return front;
  }

  private static BanLookup bans(FeedChat chat, Worker worker, FrontOptions options) {
    if (!options.withholds()) {
      return NOBODY;
    }
    GlobalView<String, BanInForce> bans = worker.view(chat.bans());
    return user ->
        bans.get(user).map(ban -> OptionalLong.of(ban.version())).orElse(OptionalLong.empty());
  }

  @Override
  public boolean isReady() {
    return caughtUp && failure == null;
  }

  private View onceReady(View view) {
    return request -> isReady() ? view.answer(request) : notReady();
  }

  private static WebAnswer notReady() {
    return WebAnswer.text(503, "this worker is not ready to serve; ask another, or again")
        .with("Retry-After", "1");
  }

  @Override
  public Optional<WebAnswer> refusal(WebRequest request) {
    Optional<String> origin = request.header("Origin");
    if (origin.isPresent() && !options.access().origins().admit(origin.get(), worker.httpPort())) {
      return Optional.of(
          WebAnswer.text(
              403, "pages of that origin may not connect; --origins names those that may"));
    }
    if (!isReady()) {
      return Optional.of(notReady());
    }
    if (connections.get() >= options.connectionsMax()) {
      return Optional.of(
          WebAnswer.text(503, "this worker has all the connections that it takes; ask another")
              .with("Retry-After", "5"));
    }
    return Optional.empty();
  }

  @Override
  public SocketListener opened(Socket socket) {
    connections.incrementAndGet();
    Client client = pushers.open(socket);
    return new Connection(client, desk);
  }

  private void pusherFailed(Throwable cause) {
    failure = cause;
    LOG.atError().setCause(cause).log("pushing failed, this worker serves no clients any more");
  }

  /// Lets go of all clients, who go on at another worker.
  @Override
  public void close() {
    caughtUp = false;
    pushers.close(failure == null ? Goodbye.GOING_AWAY : Goodbye.FAILED);
  }

  private final class Feed implements Follower<String, FeedPost> {

    @Override
    public void read(List<Followed<String, FeedPost>> records) {
      Throwable cause = failure;
      if (cause != null) {
        // a worker that pushes to some of its clients alone must end, so that they go elsewhere
        throw new IllegalStateException("pushing has failed: " + cause, cause);
      }
      pushers.posted(records);
      desk.rates().tidy();
    }

    @Override
    public void caughtUp() {
      caughtUp = true;
      LOG.atInfo().addKeyValue("worker", worker.name()).log("chat is served");
    }
  }

  private final class Rejected implements Follower<String, Rejection> {

    @Override
    public void read(List<Followed<String, Rejection>> records) {
      for (Followed<String, Rejection> record : records) {
        pushers.tell(record.key(), ServerFrames.rejected(record.value()));
      }
    }

    @Override
    public void caughtUp() {
      // nobody waits for rejections of the past
    }
  }
}
