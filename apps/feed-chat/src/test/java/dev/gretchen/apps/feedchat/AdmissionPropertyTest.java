package dev.gretchen.apps.feedchat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.apps.feedchat.ChatEvent.Ban;
import dev.gretchen.apps.feedchat.ChatEvent.Post;
import dev.gretchen.apps.feedchat.ChatEvent.Unban;
import dev.gretchen.testkit.AppTester;
import dev.gretchen.testkit.TestRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/// Whatever users and moderators do, and whenever the worker dies: what becomes of each post is
/// what the log says, folded by a model that knows nothing of tables.
class AdmissionPropertyTest {

  private static final List<String> USERS = List.of("ann", "bob", "cleo");
  private static final List<String> ROOMS = List.of("lobby", "games");

  enum Kind {
    POST,
    REPEAT,
    BAN,
    UNBAN,
    CRASH,
    WIPE
  }

  record Step(Kind kind, int user, int room, int millis) {}

  private record Fate(String user, long id, boolean admitted, String reason) {}

  @Provide
  Arbitrary<List<Step>> courses() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(10, Kind.POST),
            Tuple.of(2, Kind.REPEAT),
            Tuple.of(3, Kind.BAN),
            Tuple.of(3, Kind.UNBAN),
            Tuple.of(1, Kind.CRASH),
            Tuple.of(1, Kind.WIPE));
    return Combinators.combine(
            kinds,
            Arbitraries.integers().between(0, USERS.size() - 1),
            Arbitraries.integers().between(0, ROOMS.size() - 1),
            Arbitraries.integers().between(0, 40))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(40);
  }

  @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
  void whatBecomesOfAPostIsWhatTheLogSays(@ForAll("courses") List<Step> course) {
    List<Fate> expected = new ArrayList<>();
    try (AppTester tester = AppTester.of(FeedChat.app())) {
      Model model = new Model();
      long nextId = 1;
      for (Step step : course) {
        String user = USERS.get(step.user);
        Post post = new Post(ROOMS.get(step.room), "post " + nextId);
        switch (step.kind) {
          case POST -> {
            pipe(tester, user, post, nextId);
            expected.add(model.post(user, nextId++));
          }
          case REPEAT -> {
            long id = Math.max(1, nextId - 3);
            pipe(tester, user, post, id);
            expected.add(model.post(user, id));
          }
          case BAN -> {
            pipe(tester, user, new Ban("mod", ""), 1_000 + expected.size());
            model.banned.add(user);
          }
          case UNBAN -> {
            pipe(tester, user, new Unban("mod"), 1_000 + expected.size());
            model.banned.remove(user);
          }
          case CRASH -> tester.crashAndRecover();
          case WIPE -> tester.wipeAndRecover();
        }
        tester.advance(Duration.ofMillis(step.millis));
      }
      requireFates(expected, tester);
    }
  }

  private static void pipe(AppTester tester, String user, ChatEvent event, long id) {
    tester.pipe("chat-events", user, event, tester.now(), id);
  }

  private static void requireFates(List<Fate> expected, AppTester tester) {
    List<TestRecord<String, FeedPost>> feed = tester.read("feed");
    List<TestRecord<String, Rejection>> rejected = tester.read("rejected");
    Map<String, List<Long>> indexes = new TreeMap<>();
    for (TestRecord<String, FeedPost> record : feed) {
      indexes.computeIfAbsent(record.key(), _ -> new ArrayList<>()).add(record.value().index());
    }
    indexes.forEach((room, found) ->
        assertThat(found)
            .as("indexes of room " + room)
            .containsExactlyElementsOf(LongStream.rangeClosed(1, found.size()).boxed().toList()));
    assertThat(feed).hasSize((int) expected.stream().filter(Fate::admitted).count());
    for (String user : USERS) {
      assertThat(
              feed.stream()
                  .filter(record -> record.value().user().equals(user))
                  .map(record -> record.value().id())
                  .sorted()
                  .toList())
          .as("let in, of " + user)
          .isEqualTo(
              expected.stream()
                  .filter(fate -> fate.user.equals(user) && fate.admitted)
                  .map(fate -> "%016x".formatted(fate.id))
                  .sorted()
                  .toList());
      List<Rejection> turnedAway =
          rejected.stream()
              .filter(record -> record.key().equals(user))
              .map(TestRecord::value)
              .toList();
      assertThat(turnedAway.stream().map(each -> each.id() + " " + each.reason()).toList())
          .as("turned away, of " + user + ", in order")
          .isEqualTo(
              expected.stream()
                  .filter(fate -> fate.user.equals(user) && !fate.admitted)
                  .map(fate -> "%016x %s".formatted(fate.id, fate.reason))
                  .toList());
      requireVersions(turnedAway);
    }
  }

  private static void requireVersions(List<Rejection> turnedAway) {
    long before = -1;
    for (Rejection rejection : turnedAway) {
      Long version = rejection.version();
      assertThat(version != null).isEqualTo(rejection.reason() == Rejection.Reason.banned);
      if (version != null) {
        assertThat(version).isBetween(before, rejection.offset() - 1);
        before = version;
      }
    }
  }

  private static final class Model {
    private final Set<String> banned = new HashSet<>();
    private final Map<String, Deque<Long>> ids = new HashMap<>();

    private Fate post(String user, long id) {
      if (banned.contains(user)) {
        return new Fate(user, id, false, "banned");
      }
      Deque<Long> known = ids.computeIfAbsent(user, _ -> new ArrayDeque<>());
      if (known.contains(id)) {
        return new Fate(user, id, false, "repeated");
      }
      known.add(id);
      if (known.size() > 16) {
        known.remove();
      }
      return new Fate(user, id, true, "");
    }
  }
}
