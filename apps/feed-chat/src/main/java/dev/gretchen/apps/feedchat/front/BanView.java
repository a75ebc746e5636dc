package dev.gretchen.apps.feedchat.front;

import dev.gretchen.apps.feedchat.Rules;
import dev.gretchen.engine.Appended;
import dev.gretchen.engine.View;
import dev.gretchen.engine.WebAnswer;
import dev.gretchen.engine.WebRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `PUT` and `DELETE /users/{user}/ban`, for moderators.
final class BanView implements View {

  /// Longer than a writer takes to give up.
  private static final Duration BOUND = Duration.ofSeconds(20);

  private static final String NAME = "moderator";

  private final ModeratorToken token;
  private final Moderation moderation;
  private final boolean bans;

  /// @param bans or unbans
  BanView(ModeratorToken token, Moderation moderation, boolean bans) {
    this.token = token;
    this.moderation = moderation;
    this.bans = bans;
  }

  @Override
  public WebAnswer answer(WebRequest request) throws InterruptedException {
    if (!token.matchesHeader(request.header("Authorization"))) {
      return WebAnswer.text(401, "expected Authorization: Bearer TOKEN, with the moderators' token")
          .with("WWW-Authenticate", "Bearer");
    }
    String user;
    String reason;
    try {
      user = Rules.user(request.segment("user"));
      reason = Rules.reason(reason(request.body()));
    } catch (IllegalArgumentException bad) {
      return WebAnswer.text(400, String.valueOf(bad.getMessage()));
    }
    return appended(
        user,
        told -> {
          if (bans) {
            moderation.ban(user, NAME, reason, told);
          } else {
            moderation.unban(user, NAME, told);
          }
        });
  }

  private static WebAnswer appended(String user, Consumer<Consumer<Appended>> write)
      throws InterruptedException {
    CompletableFuture<Appended> outcome = new CompletableFuture<>();
    write.accept(outcome::complete);
    Appended appended;
    try {
      appended = outcome.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException late) {
      appended = new Appended.Indeterminate(String.valueOf(late));
    }
    return switch (appended) {
      case Appended.Acknowledged(int partition, long offset) -> {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("user", user);
        answer.put("partition", partition);
        answer.put("offset", offset);
        yield WebAnswer.json(200, answer);
      }
      case Appended.Rejected(String why) ->
          WebAnswer.text(503, "it was not written: " + why).with("Retry-After", "1");
      case Appended.Indeterminate(String why) ->
          WebAnswer.text(504, "nobody knows whether it was written: " + why);
    };
  }

  private static String reason(byte[] body) {
    if (body.length == 0) {
      return "";
    }
    try {
      JsonNode reason = JsonMapper.shared().readTree(body).get("reason");
      if (reason == null) {
        return "";
      }
      if (reason.isString()) {
        return reason.stringValue();
      }
    } catch (JacksonException _) {
      // said below, with what is expected
    }
    throw new IllegalArgumentException("expected a body such as {\"reason\":\"spam\"}, or none");
  }
}
