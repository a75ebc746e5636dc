package dev.gretchen.apps.feedchat.front;

import dev.gretchen.apps.feedchat.ChatEvent;
import dev.gretchen.apps.feedchat.Rules;
import dev.gretchen.apps.feedchat.push.Client;
import dev.gretchen.apps.feedchat.push.Goodbye;
import dev.gretchen.engine.SocketListener;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The protocol of one connection: what its client says, and what follows. Called by one thread at
/// a time; what becomes of its posts is told on the producer's thread.
final class Connection implements SocketListener {

  /// Posts of which the log has not said yet whether it has them.
  private static final int UNDER_WAY_MAX = 64;

  /// Posts refused one after another, for being too fast or too many, before it is shut out.
  private static final int REFUSED_MAX = 200;

  private final Client client;
  private final Desk desk;
  private final AtomicInteger underWay = new AtomicInteger();
  private @Nullable String user;
  private boolean moderator;
  private boolean dropped;
  private int refusedInARow;

  /// @param desk what all connections share
  Connection(Client client, Desk desk) {
    this.client = client;
    this.desk = desk;
  }

  @Override
  public void heard() {
    client.heard();
  }

  @Override
  public void closed(int code) {
    client.gone();
    desk.closed();
  }

  @Override
  public void said(String text) {
    if (dropped) {
      return;
    }
    String self = user;
    switch (ClientFrame.parse(text)) {
      case ClientFrame.Malformed(String why) -> drop(Goodbye.malformed(why));
      case ClientFrame.Hello hello -> {
        if (self == null) {
          greet(hello);
        } else {
          drop(Goodbye.malformed("a second hello"));
        }
      }
      case ClientFrame frame -> {
        if (self == null) {
          drop(Goodbye.malformed("expected hello first"));
        } else {
          handle(frame, self);
        }
      }
    }
  }

  private void greet(ClientFrame.Hello hello) {
    String name = hello.user();
    String token = hello.token();
    if (!keeps(() -> Rules.user(name))) {
      drop(Goodbye.badUser());
    } else if (token != null && !desk.token().matches(token)) {
      drop(Goodbye.BAD_TOKEN);
    } else {
      user = name;
      moderator = token != null;
      client.greeted(name);
      client.answer(ServerFrames.welcome(name, moderator, desk.served(), desk.options()));
    }
  }

  private void handle(ClientFrame frame, String self) {
    switch (frame) {
      case ClientFrame.Join join -> {
        if (isRoom(join.room())) {
          client.join(join.room(), join.start());
        }
      }
      case ClientFrame.Leave leave -> {
        if (isRoom(leave.room())) {
          client.leave(leave.room());
        }
      }
      case ClientFrame.Post post -> post(post, self);
      case ClientFrame.Ban ban -> {
        if (mayModerate(ban.user())) {
          if (keeps(() -> Rules.reason(ban.reason()))) {
            desk.moderation()
                .ban(
                    ban.user(),
                    self,
                    ban.reason(),
                    outcome -> client.answer(ServerFrames.ban("banned", ban.user(), outcome)));
          } else {
            client.answer(ServerFrames.refusedBan(ban.user(), "bad-text"));
          }
        }
      }
      case ClientFrame.Unban unban -> {
        if (mayModerate(unban.user())) {
          desk.moderation()
              .unban(
                  unban.user(),
                  self,
                  outcome -> client.answer(ServerFrames.ban("unbanned", unban.user(), outcome)));
        }
      }
      case ClientFrame.Hello _, ClientFrame.Malformed _ ->
          throw new IllegalStateException("dealt with before");
    }
  }

  private void post(ClientFrame.Post post, String self) {
    String fault = fault(post);
    if (fault != null) {
      client.answer(ServerFrames.refusedPost(post.id(), fault));
      return;
    }
    if (underWay.get() >= UNDER_WAY_MAX) {
      client.answer(ServerFrames.refusedPost(post.id(), "too-many"));
      refused();
      return;
    }
    long wait = desk.rates().take(self);
    if (wait > 0) {
      client.answer(ServerFrames.tooFast(post.id(), wait));
      refused();
      return;
    }
    refusedInARow = 0;
    underWay.incrementAndGet();
    desk.events()
        .append(
            self,
            new ChatEvent.Post(post.room(), post.text()),
            HexFormat.fromHexDigitsToLong(post.id()),
            outcome -> {
              underWay.decrementAndGet();
              client.answer(ServerFrames.post(post.id(), outcome));
            });
  }

  private static @Nullable String fault(ClientFrame.Post post) {
    if (!keeps(() -> Rules.id(post.id()))) {
      return "bad-id";
    }
    if (!keeps(() -> Rules.room(post.room()))) {
      return "bad-room";
    }
    return keeps(() -> Rules.text(post.text())) ? null : "bad-text";
  }

  private void refused() {
    if (++refusedInARow >= REFUSED_MAX) {
      drop(Goodbye.FLOOD);
    }
  }

  private boolean isRoom(String room) {
    boolean keeps = keeps(() -> Rules.room(room));
    if (!keeps) {
      client.answer(ServerFrames.refusedRoom(room, "bad-room"));
    }
    return keeps;
  }

  private boolean mayModerate(String other) {
    if (!moderator) {
      client.answer(ServerFrames.refusedBan(other, "not-a-moderator"));
      return false;
    }
    boolean keeps = keeps(() -> Rules.user(other));
    if (!keeps) {
      client.answer(ServerFrames.refusedBan(other, "bad-user"));
    }
    return keeps;
  }

  private static boolean keeps(Runnable rule) {
    try {
      rule.run();
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private void drop(Goodbye goodbye) {
    dropped = true;
    client.drop(goodbye);
  }
}
