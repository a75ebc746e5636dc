package dev.gretchen.verifier.truth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.contract.ChatEvent;
import dev.gretchen.verifier.truth.ChatFold.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// The fold against the plainest model of it: lists of all that ever happened to a user.
class ChatFoldPropertyTest {

  private static final class User {
    private final List<Long> admitted = new ArrayList<>();
    private long version = -1;
  }

  @Property(tries = 200)
  void decidesAsThePlainModelDoes(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MemoryLog log = new MemoryLog("chat-events", 1);
    Map<String, User> users = new HashMap<>();
    List<Fate> fates = new ArrayList<>();
    List<Long> versions = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String name = "user-" + random.nextInt(3);
      User user = users.computeIfAbsent(name, _ -> new User());
      long id = random.nextInt(40);
      ChatEvent event =
          switch (random.nextInt(12)) {
            case 0 -> new ChatEvent.Ban(name, "mod", "");
            case 1, 2 -> new ChatEvent.Unban(name, "mod");
            default -> new ChatEvent.Post(name, "lobby", "hi");
          };
      boolean broken = random.nextInt(20) == 0;
      byte[] value = broken ? "{".getBytes(UTF_8) : event.value();
      long offset = log.append(0, i, i, name.getBytes(UTF_8), value, id, null).offset();
      if (random.nextBoolean()) {
        log.control(0);
      }
      fates.add(broken ? Fate.DEAD : fate(user, event, id, offset));
      versions.add(broken ? -1 : user.version);
    }

    ChatFold fold = new ChatFold(log.records(0));
    for (int i = 0; i < fates.size(); i++) {
      ChatFold.Decision decision = fold.next();
      assertThat(decision.fate()).as("record " + i).isEqualTo(fates.get(i));
      assertThat(decision.version()).as("record " + i).isEqualTo(versions.get(i));
    }
    assertThat(fold.hasNext()).isFalse();
    users.forEach((name, user) -> {
      List<Long> all = user.admitted;
      long hash = 0;
      for (long id : all.subList(Math.max(0, all.size() - ChatFold.REMEMBERED), all.size())) {
        hash = ChatFold.chained(hash, id);
      }
      assertThat(fold.remembered(name)).as(name).isEqualTo(hash);
    });
  }

  private static Fate fate(User user, ChatEvent event, long id, long offset) {
    return switch (event) {
      case ChatEvent.Ban _ -> {
        user.version = offset;
        yield Fate.MODERATION;
      }
      case ChatEvent.Unban _ -> {
        user.version = -1;
        yield Fate.MODERATION;
      }
      case ChatEvent.Post _ -> {
        if (user.version >= 0) {
          yield Fate.BANNED;
        }
        List<Long> all = user.admitted;
        if (all.subList(Math.max(0, all.size() - 16), all.size()).contains(id)) {
          yield Fate.REPEATED;
        }
        all.add(id);
        yield Fate.ADMITTED;
      }
    };
  }
}
