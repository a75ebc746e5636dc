package dev.gretchen.verifier.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.ChatEvent;
import dev.gretchen.verifier.contract.ChatValue;
import dev.gretchen.verifier.contract.LoadKind;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.truth.RoomIndex;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// For each anomaly in the topics and tables of a chat the smallest history that shows it, and one
/// beside it that does not.
class ChatLogChecksTest {

  private static final LoadPlan PLAN =
      new LoadPlan(LoadShape.uniform(1, 100, Duration.ofSeconds(1), 1, "primary"), LoadKind.CHAT);

  private final MemoryLog events = new MemoryLog("chat-events", 1);
  private final MemoryLog admitted = new MemoryLog("admitted", 1);
  private final MemoryLog rejected = new MemoryLog("rejected", 1);
  private final MemoryLog feed = new MemoryLog("feed", 1);
  private final MemoryLog dead = new MemoryLog("dead", 1);
  private final MemoryLog table = new MemoryLog("changelog", 1);

  // ---- admission and rejection

  @Test
  void whatComesBeforeABanIsAdmittedAndWhatComesAfterItIsRejected() {
    post(1, "ann", "lobby");
    long ban = ban("ann");
    long offset = post(2, "ann", "lobby");
    post(3, "bob", "lobby");
    unban("ann");
    post(4, "ann", "lobby");
    admit(1, "ann", "lobby");
    reject(2, "ann", ChatValue.BANNED, ban, offset);
    admit(3, "bob", "lobby");
    admit(4, "ann", "lobby");

    passes(admission());
    passes(rejection());
  }

  @Test
  void aPostAfterABanThatIsAdmittedIsFoundAndTheBanNamed() {
    long ban = ban("ann");
    post(1, "ann", "lobby");
    admit(1, "ann", "lobby");

    Property property = fails(admission(), "after-ban");
    assertThat(property.detail()).contains("event #1 ", "banned by chat-events-0@" + ban);
    fails(rejection(), "lost");
  }

  @Test
  void aPostBeforeABanThatIsRejectedIsFoundTwice() {
    long offset = post(1, "ann", "lobby");
    long ban = ban("ann");
    reject(1, "ann", ChatValue.BANNED, ban, offset);

    assertThat(fails(admission(), "lost").detail()).contains("event #1 ");
    assertThat(fails(rejection(), "innocent").detail()).contains("event #1 ");
  }

  @Test
  void onlyTheBanInForceIsTheRightVersion() {
    ban("ann");
    long second = ban("ann");
    long offset = post(1, "ann", "lobby");
    reject(1, "ann", ChatValue.BANNED, second, offset);
    passes(rejection());

    rejected.list(0).clear();
    reject(1, "ann", ChatValue.BANNED, second - 1, offset);
    assertThat(fails(rejection(), "wrong-version").detail())
        .contains("by the ban of version 0, in force was that of version 1");
  }

  @Test
  void aPostThatIsSentAgainIsRejectedAsRepeated() {
    post(1, "ann", "lobby");
    long again = post(1, "ann", "lobby");
    admit(1, "ann", "lobby");
    reject(1, "ann", ChatValue.REPEATED, -1, again);
    passes(admission());
    passes(rejection());

    admit(1, "ann", "lobby");
    fails(admission(), "doubled");
    rejected.list(0).clear();
    reject(1, "ann", ChatValue.BANNED, 0, again);
    fails(rejection(), "wrong-reason");
  }

  @Test
  void aPostIsForgottenAfterSixteenOthers() {
    post(0, "ann", "lobby");
    for (int i = 1; i <= 16; i++) {
      post(i, "ann", "lobby");
    }
    post(0, "ann", "lobby");
    for (int i = 0; i <= 16; i++) {
      admit(i, "ann", "lobby");
    }
    admit(0, "ann", "lobby");

    passes(admission());
  }

  @Test
  void aRejectionIsThereOnce() {
    long ban = ban("ann");
    long offset = post(1, "ann", "lobby");
    reject(1, "ann", ChatValue.BANNED, ban, offset);
    reject(1, "ann", ChatValue.BANNED, ban, offset);
    fails(rejection(), "doubled");

    rejected.list(0).removeLast();
    reject(1, "ann", ChatValue.BANNED, ban, ban);
    fails(rejection(), "phantom");
  }

  @Test
  void postsOfOneUserInOneRoomKeepTheirOrderAndOthersNeedNot() {
    post(1, "ann", "lobby");
    post(2, "bob", "lobby");
    post(3, "ann", "kitchen");
    post(4, "ann", "lobby");
    admit(2, "bob", "lobby");
    admit(3, "ann", "kitchen");
    admit(1, "ann", "lobby");
    admit(4, "ann", "lobby");
    passes(admission());

    Collections.swap(admitted.list(0), 2, 3);
    admitted.renumber(0);
    assertThat(fails(admission(), "out-of-order").detail()).contains("event #1 ");
  }

  @Test
  void anAdmittedPostStaysWhatItWas() {
    post(1, "ann", "lobby");
    admitted.append(
        0, 5, 1, utf8("lobby"), new ChatValue.Admitted("ann", "else").encode(), id(1), null);
    fails(admission(), "wrong-value");

    admitted.list(0).clear();
    admit(1, "ann", "kitchen");
    fails(admission(), "wrong-value", "lost");

    admitted.list(0).clear();
    admit(1, "ann", "lobby");
    admit(7, "ann", "lobby");
    fails(admission(), "phantom");
  }

  // ---- dead letters

  @Test
  void whatBreaksARuleIsADeadLetterOnceAndNothingElseIs() {
    events.append(0, 1, 1, utf8("ann"), utf8("{\"type\":\"shout\"}"), id(1), null);
    post(2, "ann", "lobby");
    dead.bury(2, 1, utf8("ann"), utf8("{\"type\":\"shout\"}"), id(1), "no event");
    passes(broken());

    dead.bury(2, 1, utf8("ann"), utf8("{}"), id(1), "no event");
    fails(broken(), "doubled");
    dead.list(0).clear();
    fails(broken(), "lost");
    dead.bury(2, 1, utf8("ann"), utf8("{\"type\":\"shout\"}"), id(1), "no event");
    dead.bury(2, 2, utf8("ann"), utf8("{}"), id(2), "by mistake");
    fails(broken(), "buried-alive");
  }

  @Test
  void aStrangersRecordWithoutAnIdIsNobodys() {
    events.append(0, 1, 1, utf8("ann"), utf8("noise"), null, null);
    events.append(0, 1, 1, utf8("ann"), utf8("{\"type\":\"shout\"}"), id(1), null);
    dead.bury(2, 1, utf8("ann"), utf8("{\"type\":\"shout\"}"), id(1), "no event");
    passes(broken());
  }

  // ---- numbering

  @Test
  void aRoomIsNumberedFromOneOnWithoutAHole() {
    admit(1, "ann", "lobby");
    admit(2, "bob", "kitchen");
    admit(3, "ann", "lobby");
    number(1, 1, "ann", "lobby");
    number(1, 2, "bob", "kitchen");
    number(2, 3, "ann", "lobby");
    passes(numbering());

    feed.list(0).removeLast();
    number(1, 3, "ann", "lobby");
    assertThat(fails(numbering(), "index-reused").detail()).contains("Room lobby", "number 1");
    feed.list(0).removeLast();
    number(3, 3, "ann", "lobby");
    fails(numbering(), "index-gap");
    feed.list(0).removeLast();
    fails(numbering(), "lost");
  }

  @Test
  void aRoomIsNumberedInTheOrderOfAdmission() {
    admit(1, "ann", "lobby");
    admit(2, "bob", "lobby");
    number(1, 2, "bob", "lobby");
    number(2, 1, "ann", "lobby");
    fails(numbering(), "out-of-order");
  }

  @Test
  void whatIsNumberedWasAdmittedAndOnce() {
    admit(1, "ann", "lobby");
    number(1, 1, "ann", "lobby");
    number(2, 1, "ann", "lobby");
    fails(numbering(), "doubled");
    feed.list(0).removeLast();
    number(2, 5, "ann", "lobby");
    fails(numbering(), "phantom");
    feed.list(0).clear();
    number(1, 1, "bob", "lobby");
    fails(numbering(), "wrong-value");
  }

  // ---- tables

  @Test
  void aTableOfBansMayLeaveOutWhatACommitCoversButNeverGoesBack() {
    ban("ann");
    unban("ann");
    long third = ban("ann");
    tell("ann", banned(third));
    passes(bans());

    tell("ann", null);
    assertThat(fails(bans(), "went-back").detail()).contains("ann is not banned");
    table.list(0).clear();
    tell("ann", banned(0));
    fails(bans(), "not-last");
    tell("bob", banned(0));
    fails(bans(), "not-last", "phantom");
  }

  @Test
  void aBanIsToldAsItWasGiven() {
    long ban = ban("ann");
    tell("ann", new ChatValue.Banned(ban, "mod", "another reason", ban));
    fails(bans(), "wrong-value", "not-last");
  }

  @Test
  void recentHoldsTheLastPostsOfARoom() {
    for (int i = 1; i <= 3; i++) {
      admit(i, "ann", "lobby");
      number(i, i, "ann", "lobby");
    }
    recent(1, 1);
    recent(3, 1, 2, 3);
    passes(recent());

    recent(3, 1, 3);
    fails(recent(), "hole");
    table.list(0).removeLast();
    recent(3, 1, 2, 2);
    fails(recent(), "hole");
    table.list(0).removeLast();
    recent(2, 1, 2);
    fails(recent(), "went-back");
    table.list(0).removeLast();
    table.list(0).removeLast();
    fails(recent(), "not-last");
  }

  @Test
  void recentHoldsTheSamePostsAsTheLog() {
    number(1, 2, "ann", "lobby");
    recent(1, 1);
    fails(recent(), "wrong-post");
  }

  @Test
  void postedHoldsTheLastIdsOfAUser() {
    post(1, "ann", "lobby");
    post(2, "ann", "lobby");
    post(3, "bob", "lobby");
    posted("bob", 3);
    posted("ann", 1, 2);
    passes(posted());

    posted("ann", 2);
    fails(posted(), "wrong-value");
    table.list(0).clear();
    posted("bob", 3);
    posted("ann", 1);
    assertThat(fails(posted(), "not-last").detail()).contains("last 1 admitted posts of ann");
  }

  // ---- what happens

  private long post(int event, String user, String room) {
    return event(event, new ChatEvent.Post(user, room, "text " + event));
  }

  private long ban(String user) {
    return event(50, new ChatEvent.Ban(user, "mod", "spam"));
  }

  private void unban(String user) {
    event(51, new ChatEvent.Unban(user, "mod"));
  }

  /// The time of an event is its offset, that of a post its number.
  private long event(int number, ChatEvent event) {
    long end = events.end(0);
    long time = event instanceof ChatEvent.Post ? number : end;
    return events
        .append(0, end, time, utf8(event.user()), event.value(), id(number), null)
        .offset();
  }

  private void admit(int event, String user, String room) {
    admitted.append(
        0,
        admitted.end(0),
        event,
        utf8(room),
        new ChatValue.Admitted(user, "text " + event).encode(),
        id(event),
        null);
  }

  private void reject(int event, String user, String reason, long version, long offset) {
    rejected.append(
        0,
        rejected.end(0),
        event,
        utf8(user),
        new ChatValue.Rejected(id(event), "lobby", reason, version, 0, offset).encode(),
        id(event),
        null);
  }

  private void number(long index, int event, String user, String room) {
    feed.append(
        0,
        feed.end(0),
        event,
        utf8(room),
        new ChatValue.Numbered(index, id(event), user, "text " + event, event).encode(),
        id(event),
        null);
  }

  private static ChatValue.Banned banned(long version) {
    return new ChatValue.Banned(version, "mod", "spam", version);
  }

  private void tell(String user, ChatValue.@Nullable Banned ban) {
    table(user, ban == null ? null : ban.encode());
  }

  private void recent(long last, int... places) {
    List<ChatValue.Numbered> posts = new ArrayList<>();
    for (int place : places) {
      posts.add(new ChatValue.Numbered(place, id(place), "ann", "text " + place, place));
    }
    table("lobby", new ChatValue.Recent(last, posts).encode());
  }

  private void posted(String user, int... posts) {
    List<Long> ids = new ArrayList<>();
    for (int post : posts) {
      ids.add(id(post));
    }
    table(user, new ChatValue.Posted(ids).encode());
  }

  private void table(String key, byte @Nullable [] value) {
    table.append(0, table.end(0), 0, ChangelogKey.plain(utf8(key)), value, null, null);
  }

  // ---- the checks

  private Property admission() {
    return AdmissionCheck.check(witness(), events, admitted);
  }

  private Property rejection() {
    return RejectionCheck.check(witness(), events, rejected);
  }

  private Property broken() {
    return BrokenEventCheck.check(witness(), events, dead);
  }

  private Property numbering() {
    return NumberingCheck.check(witness(), admitted, feed);
  }

  private Property bans() {
    return BanUpdatesCheck.check("bans:banned", witness(), events, table, 1);
  }

  private Property recent() {
    return RecentCheck.check("recent", witness(), table, RoomIndex.of(feed));
  }

  private Property posted() {
    return PostedCheck.check("posted", witness(), events, table);
  }

  private Witness witness() {
    return new Witness(PLAN, events, List.of());
  }

  private static void passes(Property property) {
    assertThat(property.status()).as(property.detail()).isEqualTo(Status.PASS);
  }

  /// It fails, and by these kinds alone.
  private static Property fails(Property property, String... kinds) {
    assertThat(property.status()).as(property.detail()).isEqualTo(Status.FAIL);
    assertThat(property.anomalies()).extracting(Anomaly::kind).containsOnly(kinds);
    return property;
  }

  private static long id(int event) {
    return PLAN.id(event);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
