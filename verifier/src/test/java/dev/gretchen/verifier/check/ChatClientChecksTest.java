package dev.gretchen.verifier.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.ChatEvent;
import dev.gretchen.verifier.contract.ChatValue;
import dev.gretchen.verifier.contract.LoadKind;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.load.Chat;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.truth.BanHistory;
import dev.gretchen.verifier.truth.ChatFold;
import dev.gretchen.verifier.truth.History;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.RoomIndex;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.truth.Sighting.Answer;
import dev.gretchen.verifier.truth.StoreSnapshot;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/// For each anomaly in what the clients of a chat see the smallest history that shows it, and one
/// beside it that does not.
class ChatClientChecksTest {

  private static final LoadPlan PLAN =
      new LoadPlan(LoadShape.uniform(1, 100, Duration.ofSeconds(1), 1, "primary"), LoadKind.CHAT);
  private static final Chat CHAT = PLAN.chat();
  private static final int ROOM = 0;
  private static final long WHOLE = Sighting.NOWHERE;

  private final MemoryLog events = new MemoryLog("chat-events", 1);
  private final MemoryLog feed = new MemoryLog("feed", 1);
  private final MemoryLog bans = new MemoryLog("bans", 1);
  private final List<Sighting> sightings = new ArrayList<>();
  private final List<Moment> faults = new ArrayList<>();

  // ---- order and resumption

  @Test
  void everybodySeesARoomInTheOrderOfItsLog() {
    number(3);
    join(1, 0, 1);
    show(1, 1);
    show(1, 2);
    show(1, 3);
    passes(order());

    sightings.add(new Sighting.Shown(9, 2, ROOM, 2, id(3), WHOLE));
    assertThat(fails(order(), "other-post").detail()).contains("event #3 ", "number 2 of room-0");
    sightings.removeLast();
    sightings.add(new Sighting.Shown(9, 2, ROOM, 4, id(4), WHOLE));
    fails(order(), "not-in-log");
  }

  @Test
  void aClientGoesOnBehindTheLastThatItSaw() {
    number(4);
    join(1, 0, 1);
    show(1, 1);
    show(1, 2);
    connect(1, "w2");
    join(1, 2, 3);
    show(1, 3);
    show(1, 4);
    passes(resumption());
  }

  @Test
  void aPostThatAClientMissesWhereItComesBackIsFound() {
    number(4);
    join(1, 0, 1);
    show(1, 1);
    connect(1, "w2");
    join(1, 1, 2);
    show(1, 3);
    show(1, 4);
    assertThat(fails(resumption(), "missed").detail())
        .contains("Client 1 at w2", "missed number 2 of room-0");
  }

  @Test
  void aWorkerThatGoesOnElsewhereIsFoundAtOnce() {
    number(4);
    join(1, 0, 1);
    show(1, 1);
    join(1, 1, 3);
    show(1, 3);
    show(1, 4);
    fails(resumption(), "resumed-elsewhere", "missed");
  }

  @Test
  void aPostThatComesTwiceIsFound() {
    number(2);
    join(1, 0, 1);
    show(1, 1);
    show(1, 1);
    show(1, 2);
    fails(resumption(), "repeated");
  }

  @Test
  void whoReadsARoomAgainOnPurposeGetsItAllFromWhereItAskedAndNotBeforeItIsTold() {
    number(3);
    join(1, 0, 1);
    show(1, 1);
    sightings.add(new Sighting.Asked(1, 1, ROOM, 0));
    show(1, 2);
    sightings.add(new Sighting.Joined(1, 1, ROOM, 1));
    show(1, 1);
    show(1, 2);
    show(1, 3);
    passes(resumption());
  }

  @Test
  void whoJoinsAnewBeginsWithWhatComesNow() {
    number(3);
    sightings.add(new Sighting.Asked(1, 1, ROOM, Sighting.NOWHERE));
    sightings.add(new Sighting.Joined(1, 1, ROOM, 3));
    show(1, 3);
    passes(resumption());
  }

  @Test
  void aClientThatAsksForMoreThanItMayIsTheHarnesssFault() {
    number(3);
    join(1, 0, 1);
    show(1, 1);
    join(1, 2, 3);
    show(1, 3);
    fails(resumption(), "asked-too-late");
  }

  @Test
  void whatNobodyAskedForAndWhatNeverCameIsFound() {
    number(2);
    show(1, 1);
    join(2, 0, 1);
    show(2, 1);
    fails(resumption(), "unasked", "never-came");
  }

  @Test
  void onlyWhatIsTooFarBackMayBeSkipped() {
    number(4);
    join(1, 0, 1);
    sightings.add(new Sighting.Skipped(1, 1, ROOM, 1, 2));
    show(1, 3);
    show(1, 4);
    assertThat(ResumptionCheck.check(views(), 3).status()).isEqualTo(Status.PASS);
    fails(ResumptionCheck.check(views(), 4), "skipped-needlessly");
  }

  @Test
  void whoSaysWhatItHasSeenNeverGetsLess() {
    number(3);
    read(2, 3, 1, 2, 3);
    read(0, 2, 1, 2);
    passes(ReadsCheck.check(views()));

    read(3, 2, 1, 2);
    assertThat(fails(ReadsCheck.check(views()), "went-back").detail())
        .contains("had seen number 3 of room-0", "up to number 2");
  }

  @Test
  void whatIsReadAreThePostsOfTheLog() {
    number(3);
    read(0, 3, 1, 3);
    fails(ReadsCheck.check(views()), "other-posts");
    sightings.clear();
    read(0, 3, 1, 3, 2);
    fails(ReadsCheck.check(views()), "other-posts");
    sightings.clear();
    read(0, 4, 1, 2, 3, 4);
    fails(ReadsCheck.check(views()), "other-posts");
  }

  // ---- bans at the push

  @Test
  void aPostIsWithheldByABanThatThereWas() {
    number(1);
    long version = ban(1, 10);
    join(1, 0, 1);
    sightings.add(new Sighting.Shown(20, 1, ROOM, 1, id(1), version));
    passes(withholding(true));
    fails(withholding(false), "withheld-against-promise");

    sightings.removeLast();
    sightings.add(new Sighting.Shown(20, 1, ROOM, 1, id(1), version + 1));
    assertThat(fails(withholding(true), "withheld-without-ban").detail())
        .contains("event #1 ", CHAT.user(id(1)), "Client 1");
  }

  @Test
  void aPostMayBeMadeWholeForAsLongAsIsPromised() {
    number(1);
    publish(1, 57, 1_000);
    joinAt(1, 3_000);
    sightings.add(new Sighting.Shown(3_000, 1, ROOM, 1, id(1), WHOLE));
    passes(leaks());

    joinAt(2, 3_001);
    sightings.add(new Sighting.Shown(3_001, 2, ROOM, 1, id(1), WHOLE));
    assertThat(fails(leaks(), "leaked").detail())
        .contains("event #1 ", "published for 2001 undisturbed ms", "at most 2000 ms");
  }

  @Test
  void aSlowWayToTheClientIsMeasuredAndAccusesNobody() {
    number(1);
    ban(1, 900);
    publish(1, 57, 1_000);
    joinAt(1, 500);
    sightings.add(new Sighting.Shown(8_900, 1, ROOM, 1, id(1), WHOLE));
    Property slow = leaks();
    passes(slow);
    assertThat(slow.detail()).contains("for at most 8000 ms");

    // what it asked for anew is made anew, but what comes before the answer to that is not
    sightings.add(new Sighting.Asked(9_000, 1, ROOM, 0));
    sightings.add(new Sighting.Shown(9_001, 1, ROOM, 1, id(1), WHOLE));
    passes(leaks());
    sightings.add(new Sighting.Joined(9_002, 1, ROOM, 1));
    sightings.add(new Sighting.Shown(9_003, 1, ROOM, 1, id(1), WHOLE));
    fails(leaks(), "leaked");
  }

  @Test
  void aPostThatIsNumberedLongAfterTheBanIsNotMadeWhole() {
    joinAt(1, 500);
    publish(1, 57, 1_000);
    numberAt(3_001);
    sightings.add(new Sighting.Shown(3_005, 1, ROOM, 1, id(1), 57));
    passes(leaks());

    sightings.add(new Sighting.Shown(3_005, 2, ROOM, 1, id(1), WHOLE));
    fails(leaks(), "leaked");
  }

  @Test
  void whatLeaksInAFaultIsMeasuredAndNotHeldAgainstAnybody() {
    number(1);
    ban(1, 1_000);
    publish(1, 57, 1_000);
    faults.add(new Moment("kill-worker", "w1", 1_500, 1_800, true));
    joinAt(1, 9_000);
    sightings.add(new Sighting.Shown(9_000, 1, ROOM, 1, id(1), WHOLE));
    passes(leaks());
    assertThat(leaks().detail()).contains("for at most 8000 ms", "for 500 ms");

    long late = 1_800 + 10_000 + 1_501;
    joinAt(1, late);
    sightings.add(new Sighting.Shown(late, 1, ROOM, 1, id(1), WHOLE));
    fails(leaks(), "leaked");
  }

  @Test
  void afterAnUnbanNothingIsWithheldForLong() {
    number(1);
    publish(1, 57, 1_000);
    publish(1, -1, 2_000);
    joinAt(1, 4_000);
    sightings.add(new Sighting.Shown(9_000, 1, ROOM, 1, id(1), 57));
    sightings.add(new Sighting.Shown(9_000, 1, ROOM, 1, id(1), WHOLE));
    passes(leaks());

    joinAt(1, 4_001);
    sightings.add(new Sighting.Shown(4_001, 1, ROOM, 1, id(1), 57));
    assertThat(fails(leaks(), "withheld-too-long").detail()).contains("lifted for 2001");
  }

  @Test
  void aProcessKnowsFromItsStartOnWhoWasBannedBefore() {
    number(1);
    publish(1, 57, 1_000);
    connect(1, "w1");
    sightings.add(new Sighting.Shown(2_000, 1, ROOM, 1, id(1), 57));
    passes(complete(1_500));

    sightings.add(new Sighting.Shown(2_001, 1, ROOM, 1, id(1), WHOLE));
    assertThat(fails(complete(1_500), "served-too-early").detail())
        .contains("event #1 ", "version 57", "500 ms before that process started");
    // it need not know what came later, and then there is nothing to be compared
    assertThat(complete(900).status()).isEqualTo(Status.VACUOUS);
  }

  @Test
  void aProcessMayShowWhoIsNotBannedAnyMore() {
    number(1);
    publish(1, 57, 1_000);
    publish(1, -1, 1_800);
    connect(1, "w1");
    sightings.add(new Sighting.Shown(2_000, 1, ROOM, 1, id(1), WHOLE));
    assertThat(complete(1_500).status()).isEqualTo(Status.VACUOUS);
  }

  @Test
  void whereNobodyTellsWhenAProcessStartsNothingIsDecided() {
    connect(1, "w1");
    assertThat(
            CompletenessCheck.check(
                    views(), BanHistory.ofTable(bans, LogRecord::timestamp), List.of())
                .status())
        .isEqualTo(Status.SKIPPED);
  }

  // ---- what clients post and moderators do

  @Test
  void whatAClientWasToldOfItsPostIsTrue() {
    long id = CHAT.audience().id(3, 0);
    sightings.add(new Sighting.Posted(1, 3, id));
    long offset = clientPost(id);
    sightings.add(new Sighting.Answered(2, 3, id, Answer.IN_LOG, 0, offset));
    passes(posts());

    sightings.add(new Sighting.Answered(2, 3, id, Answer.IN_LOG, 0, offset + 5));
    assertThat(fails(posts(), "posted-and-gone").detail()).contains("post 0 of client 3");
    sightings.removeLast();
    sightings.removeLast();
    sightings.add(new Sighting.Answered(2, 3, id, Answer.REFUSED, -1, -1));
    fails(posts(), "refused-and-there");
  }

  @Test
  void aPostOfUnknownFateMayBeThereOrNotButNotOftenerThanItWasSent() {
    long there = CHAT.audience().id(3, 0);
    long absent = CHAT.audience().id(3, 1);
    for (long id : new long[] {there, absent}) {
      sightings.add(new Sighting.Posted(1, 3, id));
      sightings.add(new Sighting.Answered(2, 3, id, Answer.UNKNOWN, -1, -1));
    }
    clientPost(there);
    passes(posts());

    clientPost(there);
    fails(posts(), "doubled");
  }

  @Test
  void whatNoClientSentIsAPhantom() {
    clientPost(CHAT.audience().id(3, 0));
    fails(posts(), "phantom");
  }

  @Test
  void nobodyBansWhoMayNot() {
    sightings.add(new Sighting.TriedToBan(1, 0, "user-0"));
    append(new ChatEvent.Ban("user-0", Chat.MODERATOR, ""), id(5), 1);
    passes(moderators());

    append(new ChatEvent.Ban("user-0", Chat.MODERATOR, ""), CHAT.audience().id(3, 0), 1);
    assertThat(fails(moderators(), "banned-by-a-stranger").detail()).contains("ban of user-0");
  }

  @Test
  void whereNobodyTriedNothingIsCompared() {
    assertThat(moderators().status()).isEqualTo(Status.VACUOUS);
  }

  // ---- what happens

  /// Events 1 to n of the load are the posts of a room, in that order.
  private void number(int posts) {
    for (int i = 1; i <= posts; i++) {
      number(i, i);
    }
  }

  /// Event 1 of the load is the first post of a room, seen there at a moment.
  private void numberAt(long at) {
    number(1, at);
  }

  private void number(int place, long at) {
    long id = id(place);
    feed.append(
        0,
        at,
        at,
        CHAT.rooms().get(ROOM).getBytes(UTF_8),
        new ChatValue.Numbered(place, id, CHAT.user(id), CHAT.text(id), place).encode(),
        id,
        null);
  }

  private void joinAt(int client, long at) {
    sightings.add(new Sighting.Asked(at, client, ROOM, 0));
    sightings.add(new Sighting.Joined(at, client, ROOM, 1));
  }

  private void connect(int client, String worker) {
    sightings.add(new Sighting.Connected(1, client, worker, "process"));
  }

  private void join(int client, long after, long from) {
    sightings.add(new Sighting.Asked(1, client, ROOM, after));
    sightings.add(new Sighting.Joined(1, client, ROOM, from));
  }

  private void show(int client, int index) {
    sightings.add(new Sighting.Shown(1, client, ROOM, index, id(index), WHOLE));
  }

  private void read(long seen, long last, int... posts) {
    long hash = 0;
    for (int post : posts) {
      hash = ChatFold.chained(hash, id(post));
    }
    sightings.add(new Sighting.Read(1, 1, ROOM, seen, last, posts.length, hash));
  }

  /// Bans the user of an event; asked for and seen at one moment.
  private long ban(int event, long at) {
    return append(new ChatEvent.Ban(CHAT.user(id(event)), Chat.MODERATOR, ""), id(50), at);
  }

  private long append(ChatEvent event, long id, long at) {
    return events.append(0, at, at, event.user().getBytes(UTF_8), event.value(), id, null).offset();
  }

  private void publish(int event, long version, long at) {
    byte[] value =
        version < 0 ? null : new ChatValue.Banned(version, Chat.MODERATOR, "", at).encode();
    bans.append(0, at, at, CHAT.user(id(event)).getBytes(UTF_8), value, null, null);
  }

  private long clientPost(long id) {
    return append(
        new ChatEvent.Post(CHAT.user(id), CHAT.rooms().get(CHAT.room(id)), CHAT.text(id)), id, 5);
  }

  // ---- the checks

  private ClientViews views() {
    return new ClientViews(
        new Witness(PLAN, events, faults), new Seen(), "feed", RoomIndex.of(feed));
  }

  private Property order() {
    return RoomOrderCheck.check(views());
  }

  private Property resumption() {
    return ResumptionCheck.check(views(), 1_000);
  }

  private Property withholding(boolean promised) {
    return WithholdingCheck.check(views(), byEvents(), promised);
  }

  private Property leaks() {
    return LeakCheck.check(
        views(), byEvents(), BanHistory.ofTable(bans, LogRecord::timestamp), Duration.ofSeconds(2));
  }

  private Property complete(long started) {
    AuditEvent start = new AuditEvent(started, "w1", "process", "started", "", -1, -1, "", -1);
    return CompletenessCheck.check(
        views(), BanHistory.ofTable(bans, LogRecord::timestamp), List.of(start));
  }

  private Property posts() {
    return ClientPostsCheck.check(views(), events);
  }

  private Property moderators() {
    return ModeratorsCheck.check(views(), events);
  }

  private BanHistory byEvents() {
    return BanHistory.ofEvents(events, LogRecord::timestamp);
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

  /// A history in memory that holds sightings alone.
  private final class Seen implements History {
    @Override
    public Iterator<Sighting> sightings() {
      return sightings.iterator();
    }

    @Override
    public PartitionedLog log(String topic) {
      return new MemoryLog(topic, 0);
    }

    @Override
    public Iterator<OffsetSample> offsets() {
      return Collections.emptyIterator();
    }

    @Override
    public List<StoreSnapshot> stores() {
      return List.of();
    }

    @Override
    public Iterator<Ack> acks(int partition) {
      return Collections.emptyIterator();
    }
  }
}
