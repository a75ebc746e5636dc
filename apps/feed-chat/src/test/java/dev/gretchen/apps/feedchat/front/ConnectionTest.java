package dev.gretchen.apps.feedchat.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gretchen.apps.feedchat.ChatEvent;
import dev.gretchen.apps.feedchat.Recent;
import dev.gretchen.apps.feedchat.push.Client;
import dev.gretchen.apps.feedchat.push.Goodbye;
import dev.gretchen.apps.feedchat.push.Pushers;
import dev.gretchen.engine.Appended;
import dev.gretchen.engine.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The protocol, with a log of the test's own behind it.
class ConnectionTest {

  private static final String TOKEN = "correct-horse-battery-staple";
  private static final Duration BOUND = Duration.ofSeconds(5);

  private record Written(String user, ChatEvent event, long id, Consumer<Appended> told) {}

  private final List<Written> log = new CopyOnWriteArrayList<>();
  private final AtomicInteger closed = new AtomicInteger();
  private final FrontOptions options =
      FrontOptions.of(
          WorkerOptions.of(
              List.of("--coalesce=0", "--posts-per-second=1", "--posts-at-once=100"), Map.of()),
          TOKEN);
  private final Pushers pushers =
      new Pushers(
          "w1",
          _ -> OptionalLong.empty(),
          (_, _, told) -> told.accept(Optional.of(Recent.empty())),
          options.push(),
          _ -> {});
  private final RecordingSocket socket = new RecordingSocket();
  private final Connection connection = connection(socket);

  private Connection connection(RecordingSocket on) {
    Client client = pushers.open(on);
    EventLog events = (user, event, id, told) -> log.add(new Written(user, event, id, told));
    return new Connection(
        client,
        new Desk(
            new ServerFrames.Served("w1", "5f0c9a11"),
            options,
            new PostRates(options.postsPerSecond(), options.postsAtOnce(), () -> 0),
            events,
            new Moderation(events),
            closed::incrementAndGet));
  }

  @AfterEach
  void close() {
    connection.closed(1000);
    pushers.close();
  }

  private void hello() {
    connection.said("{\"type\":\"hello\",\"user\":\"ann\"}");
  }

  private void moderator() {
    connection.said("{\"type\":\"hello\",\"user\":\"mod\",\"token\":\"" + TOKEN + "\"}");
  }

  private void post(String id, String room, String text) {
    connection.said(
        "{\"type\":\"post\",\"id\":\""
            + id
            + "\",\"room\":\""
            + room
            + "\",\"text\":\""
            + text
            + "\"}");
  }

  private void awaitFrame(String part) {
    await()
        .atMost(BOUND)
        .untilAsserted(() -> assertThat(socket.taken).anyMatch(frame -> frame.contains(part)));
  }

  private void awaitGoodbye(int code) {
    await().atMost(BOUND).untilAsserted(() -> assertThat(code(socket.goodbye)).isEqualTo(code));
  }

  private static int code(@Nullable Goodbye goodbye) {
    return goodbye == null ? 0 : goodbye.code();
  }

  @Test
  void welcomesWhoSaysHello() {
    hello();

    awaitFrame("\"type\":\"welcome\"");
    assertThat(socket.taken.getFirst())
        .contains("\"user\":\"ann\"")
        .contains("\"moderator\":false")
        .contains("\"worker\":\"w1\"")
        .contains("\"incarnation\":\"5f0c9a11\"")
        .contains("\"postsPerSecond\":1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "4400|nonsense",
        "4400|{\"type\":\"join\",\"room\":\"lobby\"}",
        "4400|{\"type\":\"hello\"}",
        "4401|{\"type\":\"hello\",\"user\":\"ann\",\"token\":\"wrong-horse-battery-staple\"}",
        "4401|{\"type\":\"hello\",\"user\":\"ann\",\"token\":\"\"}",
        "4403|{\"type\":\"hello\",\"user\":\"not a user\"}"
      })
  void closesOnAFirstWordThatIsWrong(int code, String word) {
    connection.said(word);

    awaitGoodbye(code);
    assertThat(socket.taken).isEmpty();
  }

  @Test
  void takesOneHello() {
    hello();
    hello();

    awaitGoodbye(4400);
  }

  @Test
  void listensNoMoreOnceItHasSaidGoodbye() {
    hello();
    connection.said("nonsense");
    post("0000000000000001", "lobby", "too late");

    awaitGoodbye(4400);
    assertThat(log).isEmpty();
  }

  @Test
  void writesAPostUnderItsIdAndSaysWhereItIs() {
    hello();
    post("00f3c1d2a4b59687", "lobby", "hi");

    assertThat(log).hasSize(1);
    Written written = log.getFirst();
    assertThat(written.user()).isEqualTo("ann");
    assertThat(written.event()).isEqualTo(new ChatEvent.Post("lobby", "hi"));
    assertThat(written.id()).isEqualTo(0x00f3c1d2a4b59687L);

    written.told().accept(new Appended.Acknowledged(3, 60));
    awaitFrame("{\"type\":\"posted\",\"id\":\"00f3c1d2a4b59687\",\"partition\":3,\"offset\":60}");
  }

  @Test
  void saysWhereNobodyKnowsAndWhereItWasNotWritten() {
    hello();
    post("0000000000000001", "lobby", "one");
    post("0000000000000002", "lobby", "two");
    log.get(0).told().accept(new Appended.Indeterminate("time-out"));
    log.get(1).told().accept(new Appended.Rejected("too many under way"));

    awaitFrame("{\"type\":\"unknown\",\"id\":\"0000000000000001\"}");
    awaitFrame("{\"type\":\"refused\",\"id\":\"0000000000000002\",\"reason\":\"unavailable\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "bad-id,xyz,lobby,hi",
    "bad-room,0000000000000001,Not A Room,hi",
    "bad-text,0000000000000001,lobby,' '"
  })
  void refusesAPostThatBreaksARule(String reason, String id, String room, String text) {
    hello();
    post(id, room, text);

    awaitFrame("\"reason\":\"" + reason + "\"");
    assertThat(log).isEmpty();
  }

  @Test
  void refusesMorePostsThanMayBeUnderWay() {
    hello();
    for (int i = 0; i < 65; i++) {
      post("%016x".formatted(i), "lobby", "hi");
    }
    awaitFrame("\"reason\":\"too-many\"");
    assertThat(log).hasSize(64);

    log.getFirst().told().accept(new Appended.Acknowledged(0, 1));
    post("%016x".formatted(99), "lobby", "hi");
    assertThat(log).hasSize(65);
  }

  @Test
  void refusesPostsThatComeTooFastAndShutsAFloodOut() {
    hello();
    for (int i = 0; i < 100; i++) {
      post("%016x".formatted(i), "lobby", "hi");
      log.get(i).told().accept(new Appended.Acknowledged(0, i));
    }
    post("%016x".formatted(100), "lobby", "hi");
    awaitFrame("\"reason\":\"too-fast\",\"retryAfterMillis\":");
    assertThat(log).hasSize(100);

    for (int i = 101; i < 300; i++) {
      post("%016x".formatted(i), "lobby", "hi");
    }
    awaitGoodbye(4429);
    assertThat(log).hasSize(100);
  }

  @Test
  void letsModeratorsAloneBan() {
    hello();
    connection.said("{\"type\":\"ban\",\"user\":\"bob\"}");
    connection.said("{\"type\":\"unban\",\"user\":\"bob\"}");

    awaitFrame("{\"type\":\"refused\",\"user\":\"bob\",\"reason\":\"not-a-moderator\"}");
    assertThat(log).isEmpty();
  }

  @Test
  void writesWhatAModeratorOrders() {
    moderator();
    connection.said("{\"type\":\"ban\",\"user\":\"bob\",\"reason\":\"spam\"}");
    connection.said("{\"type\":\"unban\",\"user\":\"bob\"}");

    assertThat(log)
        .extracting(Written::event)
        .containsExactly(new ChatEvent.Ban("mod", "spam"), new ChatEvent.Unban("mod"));
    assertThat(log).extracting(Written::user).containsOnly("bob");
    log.get(0).told().accept(new Appended.Acknowledged(3, 57));
    log.get(1).told().accept(new Appended.Indeterminate("time-out"));
    awaitFrame("{\"type\":\"banned\",\"user\":\"bob\",\"partition\":3,\"offset\":57}");
    awaitFrame("{\"type\":\"unknown\",\"user\":\"bob\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"ban\",\"user\":\"not a user\"}",
        "{\"type\":\"ban\",\"user\":\"bob\",\"reason\":\"\\u0007\"}"
      })
  void refusesAnOrderThatBreaksARule(String order) {
    moderator();
    connection.said(order);

    awaitFrame("\"type\":\"refused\"");
    assertThat(log).isEmpty();
  }

  @Test
  void joinsAndLeavesRooms() {
    hello();
    connection.said("{\"type\":\"join\",\"room\":\"lobby\"}");
    awaitFrame("{\"type\":\"joined\",\"room\":\"lobby\",\"from\":1}");
    connection.said("{\"type\":\"leave\",\"room\":\"lobby\"}");
    awaitFrame("{\"type\":\"left\",\"room\":\"lobby\"}");
    connection.said("{\"type\":\"join\",\"room\":\"Not a room\"}");
    awaitFrame("{\"type\":\"refused\",\"room\":\"Not a room\",\"reason\":\"bad-room\"}");
  }

  /// Answers wait until the client reads them, and it may send what it likes.
  @Test
  void givesBackNoMoreOfWhatWasSentThanANameMayHave() {
    hello();
    connection.said("{\"type\":\"join\",\"room\":\"" + "X".repeat(5_000) + "\"}");
    awaitFrame(
        "{\"type\":\"refused\",\"room\":\"" + "X".repeat(100) + "\",\"reason\":\"bad-room\"}");
    connection.said(
        "{\"type\":\"post\",\"id\":\"" + "y".repeat(5_000) + "\",\"room\":\"r\",\"text\":\"t\"}");
    awaitFrame("{\"type\":\"refused\",\"id\":\"" + "y".repeat(100) + "\",\"reason\":\"bad-id\"}");
  }

  @Test
  void tellsItsEndOnce() {
    connection(new RecordingSocket()).closed(1006);

    assertThat(closed).hasValue(1);
  }
}
