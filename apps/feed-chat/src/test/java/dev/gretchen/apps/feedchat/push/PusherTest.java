package dev.gretchen.apps.feedchat.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.apps.feedchat.FeedPost;
import dev.gretchen.apps.feedchat.Recent;
import dev.gretchen.engine.Followed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// One pusher, turn by turn, on a clock that stands still until it is moved.
class PusherTest {

  private static final Pattern INDEX = Pattern.compile("\"index\":([0-9]+)");

  private record Question(String room, long atLeast, Consumer<Optional<Recent>> told) {}

  private final Map<String, Long> banned = new HashMap<>();
  private final List<Question> questions = new ArrayList<>();
  private final FeedWindow window = new FeedWindow(20, 1 << 20);
  private long nanos = 1;
  private Pusher pusher = pusher(Duration.ofMillis(50));

  private Pusher pusher(Duration coalesce) {
    return new Pusher(
        window,
        user -> banned.containsKey(user) ? OptionalLong.of(banned.get(user)) : OptionalLong.empty(),
        (room, atLeast, told) -> questions.add(new Question(room, atLeast, told)),
        PushSettings.standard(coalesce),
        () -> nanos,
        () -> {});
  }

  private Client client(FakeSocket socket, String user) {
    Client client = pusher.open(socket);
    client.greeted(user);
    turn();
    return client;
  }

  private void turn() {
    pusher.turn();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    turn();
  }

  private void post(String room, long from, long to) {
    List<Followed<String, FeedPost>> records = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      records.add(FeedWindowTest.record(0, room, index));
    }
    pusher.posted(window.append(records));
  }

  private void answer(Recent recent) {
    questions.removeFirst().told().accept(Optional.of(recent));
    turn();
  }

  private static Recent recent(long from, long to) {
    List<FeedPost> posts = new ArrayList<>();
    for (long index = from; index <= to; index++) {
      posts.add(FeedWindowTest.record(0, "lobby", index).value());
    }
    return new Recent(to, posts);
  }

  private static List<Integer> indexes(FakeSocket socket) {
    List<Integer> indexes = new ArrayList<>();
    for (String frame : socket.taken) {
      Matcher matcher = INDEX.matcher(frame);
      while (matcher.find()) {
        indexes.add(Integer.parseInt(matcher.group(1)));
      }
    }
    return indexes;
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  private static List<String> types(FakeSocket socket) {
    return socket.taken.stream()
        .map(frame -> frame.replaceFirst(".*?\"type\":\"(\\w+)\".*", "$1"))
        .toList();
  }

  @Test
  void beginsBehindTheLastIndexThatAClientHasSeen() {
    post("lobby", 5, 9);
    FakeSocket socket = new FakeSocket();
    client(socket, "ann").join("lobby", new Start.After(6));
    turn();

    assertThat(types(socket)).containsExactly("joined", "posts");
    assertThat(socket.taken.getFirst()).contains("\"from\":7");
    assertThat(indexes(socket)).isEqualTo(range(7, 9));
    assertThat(questions).isEmpty();
  }

  @Test
  void beginsWithWhatComesNextOrWithTheLastPosts() {
    post("lobby", 1, 9);
    FakeSocket fresh = new FakeSocket();
    FakeSocket late = new FakeSocket();
    client(fresh, "ann").join("lobby", new Start.Last(0));
    client(late, "bob").join("lobby", new Start.Last(3));
    turn();
    pass(Duration.ofMillis(60));
    post("lobby", 10, 10);
    pass(Duration.ofMillis(60));

    assertThat(fresh.taken.getFirst()).contains("\"from\":10");
    assertThat(indexes(fresh)).containsExactly(10);
    assertThat(indexes(late)).isEqualTo(range(7, 10));
  }

  @Test
  void pushesAtOnceAndThenHoldsBackForTheRest() {
    FakeSocket socket = joined("lobby");
    post("lobby", 1, 1);
    turn();
    assertThat(indexes(socket)).containsExactly(1);
    post("lobby", 2, 2);
    turn();
    post("lobby", 3, 3);
    pass(Duration.ofMillis(49));
    assertThat(indexes(socket)).containsExactly(1);

    pass(Duration.ofMillis(1));
    assertThat(indexes(socket)).isEqualTo(range(1, 3));
    assertThat(types(socket)).containsExactly("joined", "posts", "posts");
  }

  @Test
  void writesAFrameForEachPostWhereNothingIsHeldBack() {
    pusher = pusher(Duration.ZERO);
    FakeSocket socket = joined("lobby");
    post("lobby", 1, 3);
    turn();

    assertThat(types(socket)).containsExactly("joined", "posts", "posts", "posts");
    assertThat(indexes(socket)).isEqualTo(range(1, 3));
  }

  /// A client that has joined a room that the owner says is empty.
  private FakeSocket joined(String room) {
    FakeSocket socket = new FakeSocket();
    client(socket, "ann").join(room, new Start.Last(0));
    turn();
    answer(Recent.empty());
    return socket;
  }

  @Test
  void sharesAFrameAmongThoseWhoAreAtTheSameIndex() {
    post("lobby", 1, 1);
    turn();
    FakeSocket one = new FakeSocket();
    FakeSocket other = new FakeSocket();
    client(one, "ann").join("lobby", new Start.Last(0));
    client(other, "bob").join("lobby", new Start.Last(0));
    turn();
    post("lobby", 2, 3);
    pass(Duration.ofMillis(60));

    assertThat(indexes(one)).isEqualTo(range(2, 3));
    assertThat(one.lastFrame()).isSameAs(other.lastFrame());
  }

  @Test
  void leavesAClientThatDoesNotReadBehindAndNobodyElse() {
    post("lobby", 1, 1);
    FakeSocket slow = new FakeSocket();
    FakeSocket quick = new FakeSocket();
    client(slow, "ann").join("lobby", new Start.Last(0));
    client(quick, "bob").join("lobby", new Start.Last(0));
    pass(Duration.ofMillis(60));
    slow.reads = false;
    for (int index = 2; index <= 10; index++) {
      post("lobby", index, index);
      pass(Duration.ofMillis(60));
    }
    assertThat(indexes(quick)).isEqualTo(range(2, 10));
    assertThat(indexes(slow)).as("one frame is under way, no more").containsExactly(2);

    slow.reads = true;
    slow.read();
    turn();
    assertThat(indexes(slow)).isEqualTo(range(2, 10));
    assertThat(types(slow)).as("the rest in one frame").containsExactly("joined", "posts", "posts");
  }

  @Test
  void dropsAClientThatTakesNothingForTenSecondsAndCutsItOffInTheEnd() {
    FakeSocket socket = joined("lobby");
    socket.reads = false;
    post("lobby", 1, 1);
    turn();
    pass(Duration.ofMillis(9_900));
    assertThat(socket.goodbye).isNull();

    pass(Duration.ofMillis(600));
    assertThat(socket.goodbye).isEqualTo(Goodbye.SLOW_WRITE);
    assertThat(window.join("lobby").joined).as("nothing is kept for it").isEqualTo(1);
    assertThat(socket.cuts).isZero();
    pass(Duration.ofMillis(2_100));
    pass(Duration.ofMillis(2_100));
    assertThat(socket.cuts).isEqualTo(1);
  }

  @Test
  void dropsAClientThatLeavesItsAnswersLying() {
    FakeSocket socket = new FakeSocket();
    Client client = client(socket, "ann");
    socket.reads = false;
    for (int i = 0; i <= Pusher.ANSWERS_MAX + 1; i++) {
      client.answer(ByteBuffer.wrap(new byte[] {'{', '}'}));
    }
    turn();

    assertThat(socket.goodbye).isEqualTo(Goodbye.SLOW_ANSWERS);
  }

  @Test
  void asksTheOwnerOnceForAllWhoWaitAndSkipsWhatNobodyHas() {
    FakeSocket one = new FakeSocket();
    FakeSocket other = new FakeSocket();
    client(one, "ann").join("lobby", new Start.After(3));
    client(other, "bob").join("lobby", new Start.Last(2));
    turn();
    assertThat(questions).hasSize(1);

    answer(recent(11, 110));

    assertThat(types(one)).containsExactly("joined", "skipped", "posts");
    assertThat(one.taken.get(1)).contains("\"from\":4,\"to\":10");
    assertThat(indexes(one)).isEqualTo(range(11, 110));
    assertThat(other.taken.getFirst()).contains("\"from\":109");
    assertThat(indexes(other)).isEqualTo(range(109, 110));
  }

  @Test
  void goesOnInTheWindowWhereTheOwnersPostsEnd() {
    post("lobby", 8, 12);
    FakeSocket socket = new FakeSocket();
    client(socket, "ann").join("lobby", new Start.After(4));
    turn();
    assertThat(questions.getFirst().atLeast()).as("up to where the window begins").isEqualTo(7);

    answer(recent(2, 9));
    assertThat(types(socket)).containsExactly("joined", "posts", "posts");
    assertThat(indexes(socket)).isEqualTo(range(5, 12));
  }

  @Test
  void skipsNothingThatTheWindowHas() {
    post("lobby", 8, 12);
    FakeSocket socket = new FakeSocket();
    client(socket, "ann").join("lobby", new Start.After(4));
    turn();

    answer(recent(11, 12));
    assertThat(socket.taken.get(1)).contains("\"from\":5,\"to\":7");
    assertThat(indexes(socket)).isEqualTo(range(8, 12));
  }

  @Test
  void showsWhatWasPostedWhileTheOwnerWasAskedOnce() {
    FakeSocket socket = new FakeSocket();
    client(socket, "ann").join("lobby", new Start.After(2));
    turn();
    post("lobby", 5, 6);
    pass(Duration.ofMillis(60));
    assertThat(indexes(socket)).isEmpty();

    answer(recent(1, 5));
    pass(Duration.ofMillis(60));
    assertThat(indexes(socket)).isEqualTo(range(3, 6));
  }

  @Test
  void refusesARoomOfWhichNobodyCanTell() {
    FakeSocket socket = new FakeSocket();
    client(socket, "ann").join("lobby", new Start.Last(0));
    turn();
    questions.removeFirst().told().accept(Optional.empty());
    turn();

    assertThat(socket.taken).singleElement().asString().contains("unavailable");
    assertThat(window.rooms()).isZero();
  }

  @Test
  void withholdsThePostsOfWhoeverIsBannedWhenTheyAreShown() {
    FakeSocket early = joined("lobby");
    post("lobby", 1, 1);
    turn();
    banned.put("ann", 57L);
    post("lobby", 2, 2);
    pass(Duration.ofMillis(60));
    FakeSocket late = new FakeSocket();
    client(late, "bob").join("lobby", new Start.After(0));
    turn();

    assertThat(indexes(early)).isEqualTo(range(1, 2));
    assertThat(early.taken.get(1)).doesNotContain("withheld");
    assertThat(early.taken.get(2))
        .contains("{\"index\":2,\"id\":\"0000000000000002\",\"withheld\":57}")
        .doesNotContain("post 2");
    assertThat(late.taken.getLast()).doesNotContain("post 1").doesNotContain("post 2");

    banned.clear();
    post("lobby", 3, 3);
    pass(Duration.ofMillis(60));
    assertThat(late.taken.getLast()).contains("post 3");
  }

  @Test
  void tellsAllConnectionsOfAUserAndNobodyElse() {
    FakeSocket one = new FakeSocket();
    FakeSocket other = new FakeSocket();
    FakeSocket stranger = new FakeSocket();
    client(one, "ann");
    client(other, "ann").join("lobby", new Start.After(0));
    client(stranger, "bob");
    pusher.tell("ann", ByteBuffer.wrap("{\"type\":\"rejected\"}".getBytes(StandardCharsets.UTF_8)));
    turn();

    assertThat(types(one)).containsExactly("rejected");
    assertThat(types(other)).endsWith("rejected");
    assertThat(stranger.taken).isEmpty();
  }

  @Test
  void showsNothingOfARoomAfterIt() {
    FakeSocket socket = new FakeSocket();
    Client client = client(socket, "ann");
    client.join("lobby", new Start.After(0));
    client.leave("lobby");
    turn();
    post("lobby", 1, 1);
    turn();
    pass(Duration.ofMillis(60));

    assertThat(types(socket)).containsExactly("joined", "left");
  }

  @Test
  void joinsARoomAnewFromThere() {
    post("lobby", 1, 4);
    FakeSocket socket = new FakeSocket();
    Client client = client(socket, "ann");
    client.join("lobby", new Start.After(2));
    turn();
    client.join("lobby", new Start.After(1));
    turn();
    post("lobby", 5, 5);
    pass(Duration.ofMillis(60));

    assertThat(indexes(socket)).containsExactly(3, 4, 2, 3, 4, 5);
  }

  @Test
  void refusesMoreRoomsThanAClientMayHave() {
    FakeSocket socket = new FakeSocket();
    Client client = client(socket, "ann");
    for (int i = 0; i <= Pusher.ROOMS_MAX; i++) {
      client.join("room-" + i, new Start.After(0));
    }
    turn();

    assertThat(socket.taken.getLast()).contains("too-many").contains("room-" + Pusher.ROOMS_MAX);
  }

  @Test
  void pingsAndDropsTheSilentAndThoseWhoDoNotSayWhoTheyAre() {
    FakeSocket alive = new FakeSocket();
    FakeSocket silent = new FakeSocket();
    FakeSocket nameless = new FakeSocket();
    Client heard = client(alive, "ann");
    client(silent, "bob");
    pusher.open(nameless);
    turn();

    pass(Duration.ofSeconds(11));
    assertThat(nameless.goodbye).isEqualTo(Goodbye.SILENT);
    assertThat(silent.goodbye).isNull();
    pass(Duration.ofSeconds(10));
    assertThat(alive.pings).isEqualTo(1);
    heard.heard();
    pass(Duration.ofSeconds(25));
    assertThat(silent.goodbye).isEqualTo(Goodbye.SILENT);
    assertThat(alive.goodbye).isNull();
  }

  @Test
  void goesOnForThoseWhoStayWhenOthersLeaveInAnyOrder() {
    post("lobby", 1, 1);
    List<FakeSocket> sockets = new ArrayList<>();
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      FakeSocket socket = new FakeSocket();
      Client client = client(socket, "user" + i);
      client.join("lobby", new Start.Last(0));
      sockets.add(socket);
      clients.add(client);
    }
    turn();
    for (int leaver : List.of(2, 5, 0)) {
      clients.get(leaver).leave("lobby");
    }
    post("lobby", 2, 2);
    pass(Duration.ofMillis(60));

    for (int i = 0; i < 6; i++) {
      assertThat(indexes(sockets.get(i)))
          .as("client " + i)
          .isEqualTo(List.of(2, 5, 0).contains(i) ? List.of() : List.of(2));
    }
  }

  @Test
  void forgetsAClientWhoseConnectionIsOver() {
    FakeSocket socket = new FakeSocket();
    Client client = client(socket, "ann");
    client.join("lobby", new Start.After(0));
    turn();
    answer(Recent.empty());
    socket.broken = true;
    post("lobby", 1, 1);
    pass(Duration.ofMillis(60));
    client.gone();
    turn();

    assertThat(pusher.clients()).isZero();
    pusher.tell("ann", ByteBuffer.allocate(0));
    turn();
    assertThat(types(socket)).containsExactly("joined");
  }
}
