package dev.gretchen.apps.feedchat.front;

import dev.gretchen.apps.feedchat.push.Start;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a client says. Names and texts are as it said them; whether they keep the rules is looked
/// at where they are used.
sealed interface ClientFrame {

  record Hello(String user, @Nullable String token) implements ClientFrame {

    /// Never says the token.
    @Override
    public String toString() {
      return "hello of " + user;
    }
  }

  record Join(String room, Start start) implements ClientFrame {}

  record Leave(String room) implements ClientFrame {}

  record Post(String id, String room, String text) implements ClientFrame {}

  record Ban(String user, String reason) implements ClientFrame {}

  record Unban(String user) implements ClientFrame {}

  /// It says nothing that the protocol knows.
  record Malformed(String why) implements ClientFrame {}

  /// Reads a frame.
  static ClientFrame parse(String text) {
    try {
      return new Reader(JsonMapper.shared().readTree(text)).frame();
    } catch (JacksonException _) {
      return new Malformed("expected JSON");
    } catch (Reader.Unfit unfit) {
      return new Malformed(String.valueOf(unfit.getMessage()));
    }
  }

  /// Reads the fields of one frame.
  final class Reader {

    private static final int LAST_MAX = 100;

    private final JsonNode json;

    private Reader(JsonNode json) {
      this.json = json;
    }

    /// A field is not as the protocol says.
    private static final class Unfit extends RuntimeException {
      private static final long serialVersionUID = 1L;

      private Unfit(String message) {
        super(message);
      }
    }

    private ClientFrame frame() {
      String type = text("type");
      return switch (type) {
        case "hello" -> new Hello(text("user"), json.has("token") ? text("token") : null);
        case "join" -> new Join(text("room"), start());
        case "leave" -> new Leave(text("room"));
        case "post" -> new Post(text("id"), text("room"), text("text"));
        case "ban" -> new Ban(text("user"), json.has("reason") ? text("reason") : "");
        case "unban" -> new Unban(text("user"));
        default -> throw new Unfit("no type '" + type + "'");
      };
    }

    private Start start() {
      if (json.has("after")) {
        return new Start.After(number("after", Long.MAX_VALUE - 1));
      }
      return new Start.Last(json.has("last") ? (int) number("last", LAST_MAX) : 0);
    }

    private String text(String field) {
      JsonNode found = json.get(field);
      if (found == null || !found.isString()) {
        throw new Unfit("expected a field " + field + " with a text");
      }
      return found.stringValue();
    }

    private long number(String field, long most) {
      JsonNode found = json.get(field);
      if (found == null || !found.isIntegralNumber() || !found.canConvertToLong()) {
        throw new Unfit("expected a field " + field + " with a whole number");
      }
      long number = found.longValue();
      if (number < 0 || number > most) {
        throw new Unfit("expected " + field + " from 0 to " + most);
      }
      return number;
    }
  }
}
