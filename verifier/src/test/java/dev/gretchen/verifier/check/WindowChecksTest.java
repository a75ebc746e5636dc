package dev.gretchen.verifier.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.PerfectViews;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.ClosedValue;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.SessionValue;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.AlignedWindows;
import dev.gretchen.verifier.truth.Grouping;
import dev.gretchen.verifier.truth.JoinedLog;
import dev.gretchen.verifier.truth.KeyWindow;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.SessionTruth;
import dev.gretchen.verifier.truth.TallyTruth;
import dev.gretchen.verifier.truth.WindowsOfTable;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// For each anomaly of windows, sessions and keys that expire the edit of a right history that
/// shows exactly it, and what comes near it and is right.
class WindowChecksTest {

  private static final Grouping.ByWindow TUMBLING =
      new Grouping.ByWindow(seconds(5), seconds(5), seconds(2), seconds(10));
  private static final Grouping.ByWindow HOPPING =
      new Grouping.ByWindow(seconds(6), seconds(2), seconds(1), seconds(1));

  private final PerfectViews app = new PerfectViews(PerfectViews.load(7));
  private final LoadPlan plan = app.plan;
  private final JoinedLog inputs = new JoinedLog(List.copyOf(app.inputs));
  private final Witness witness = new Witness(plan, inputs, List.of());

  // streams that are gathered

  @Test
  void everyViewIsGatheredOnceUnderItsPageAndUnderItsUser() {
    assertPass(gathered("page", app.pageViews));
    assertPass(gathered("user", app.userViews));
    assertThat(gathered("user", app.pageViews).anomalies())
        .extracting(Anomaly::kind)
        .containsOnly("wrong-value");
  }

  @Test
  void aViewThatIsNotGatheredIsLost() {
    LogRecord gone = app.pageViews.list(1).remove(20);
    assertFails(gathered("page", app.pageViews), "lost", event(gone));
  }

  @Test
  void aViewThatIsGatheredTwiceIsDoubledAndUnderAtLeastOnceIsNot() {
    LogRecord twice = app.pageViews.list(1).get(20);
    app.pageViews.list(1).add(40, twice);
    assertFails(gathered("page", app.pageViews), "doubled", event(twice));
    assertPass(
        GatheredCheck.check(
            witness, PerfectViews.INPUTS, "page", inputs, app.pageViews, Guarantee.AT_LEAST_ONCE));
  }

  @Test
  void twoViewsOfAKeyFromOnePartitionMustNotChangePlacesTwoFromDifferentOnesMay() {
    List<LogRecord> views = app.userViews.list(0);
    int first = 10;
    int second = next(views, first, view -> same(view.key(), views.get(first).key()));
    swap(views, first, second);
    assertFails(gathered("user", app.userViews), "out-of-order", event(views.get(second)));
    swap(views, first, second);

    List<LogRecord> ofPages = app.pageViews.list(0);
    for (int one = 0; one < ofPages.size(); one++) {
      LogRecord view = ofPages.get(one);
      int other = one + 1;
      while (other < ofPages.size() && !same(ofPages.get(other).key(), view.key())) {
        other++;
      }
      if (other < ofPages.size()
          && plan.partitionOf(ofPages.get(other).id()) != plan.partitionOf(view.id())) {
        swap(ofPages, one, other);
        assertPass(gathered("page", app.pageViews));
        return;
      }
    }
    throw new AssertionError("no page is looked at from two partitions");
  }

  @Test
  void aRobotsViewIsAPhantom() {
    long robot = 0;
    while (plan.isColor(plan.id(robot))) {
      robot++;
    }
    LogRecord r = app.pageViews.list(0).get(5);
    app.pageViews
        .list(0)
        .add(
            6,
            new LogRecord(
                0, r.offset(), r.timestamp(), 0, r.key(), r.value(), true, plan.id(robot), null));
    assertFails(gathered("page", app.pageViews), "phantom", "event #" + robot + " ");
  }

  // late events

  @Test
  void lateEventsOfEachKindOfWindowAreToldAsTheTruthHasThem() {
    assertPass(late("page-window", TUMBLING));
    assertPass(late("page-hop", HOPPING));
    assertPass(LateCheck.check(witness, "user-session", app.userViews, sessions(), app.lateUsers));
    assertThat(app.latePages.list(0)).hasSizeGreaterThan(10);
    assertThat(app.lateUsers.list(0)).hasSizeGreaterThan(3);
  }

  @Test
  void aLateEventThatIsDroppedSilentlyIsLost() {
    int place = next(app.latePages.list(0), 3, view -> isLateFor(view, "page-hop"));
    LogRecord gone = app.latePages.list(0).remove(place);
    assertFails(late("page-hop", HOPPING), "lost", event(gone));
    assertPass(late("page-window", TUMBLING));
  }

  @Test
  void aLateEventThatIsToldTwiceIsDoubled() {
    LogRecord twice = app.lateUsers.list(0).getLast();
    app.lateUsers.list(0).add(twice);
    assertFails(
        LateCheck.check(witness, "user-session", app.userViews, sessions(), app.lateUsers),
        "doubled",
        event(twice));
  }

  @Test
  void anEventThatWasInTimeIsNotLateAndAnotherGraceMakesItSo() {
    Grouping.ByWindow longer =
        new Grouping.ByWindow(seconds(5), seconds(5), seconds(4), seconds(10));
    assertThat(kinds(late("page-window", longer))).containsOnly("not-late");
    Grouping.ByWindow shorter =
        new Grouping.ByWindow(seconds(5), seconds(5), Duration.ofMillis(1), seconds(10));
    assertThat(kinds(late("page-window", shorter))).containsOnly("lost");
  }

  @Test
  void theWindowsThatAnEventMissedAreCompared() {
    List<LogRecord> list = app.latePages.list(0);
    int place = next(list, 0, view -> isLateFor(view, "page-hop"));
    LogRecord r = list.get(place);
    String reason = new String(Objects.requireNonNull(r.reason()), UTF_8);
    list.set(place, withReason(r, reason.replaceFirst("\\d$", "1")));
    assertFails(late("page-hop", HOPPING), "wrong-windows", event(r));
  }

  // windows that close

  @Test
  void eachWindowThatHasClosedIsToldOnce() {
    assertPass(closed("page-window", TUMBLING, app.windowClosed));
    assertPass(closed("page-hop", HOPPING, app.hopClosed));
    assertPass(sessionsClosed());
    assertThat(app.windowClosed.list(0)).hasSizeGreaterThan(50);
    assertThat(app.sessionClosed.list(0)).hasSizeGreaterThan(50);
  }

  @Test
  void aWindowThatIsToldTwiceIsDoubled() {
    LogRecord twice = app.hopClosed.list(1).get(30);
    app.hopClosed.list(1).add(31, twice);
    assertFails(closed("page-hop", HOPPING, app.hopClosed), "doubled", key(twice));
  }

  @Test
  void aWindowThatIsNeverToldIsLost() {
    LogRecord gone = app.sessionClosed.list(1).remove(30);
    assertFails(sessionsClosed(), "lost", key(gone));
  }

  @Test
  void aWindowThatIsToldBeforeItsLastEventCameNamesTheEvent() {
    List<LogRecord> list = app.windowClosed.list(0);
    int place = next(list, 20, record -> closed(record).tally().count() > 1);
    LogRecord told = list.get(place);
    ClosedValue right = closed(told);
    long lost = eventOf(told, right);
    Tally less =
        new Tally(
            right.tally().count() - 1,
            right.tally().fingerprint() - Tally.NONE.plus(lost).fingerprint());
    list.set(
        place,
        withValue(told, new ClosedValue(right.start(), right.end(), less).encode(), told.key()));
    assertFails(
        closed("page-window", TUMBLING, app.windowClosed),
        "wrong-value",
        "it lacks event #" + plan.indexOf(lost) + " ");
  }

  @Test
  void aWindowThatHasNotClosedIsEarlyAndOneThatIsNoneIsAPhantom() {
    TallyTruth truth = TallyTruth.fold(app.pageViews, TUMBLING);
    var open = new AlignedWindows(app.pageViews, truth, TUMBLING).open(0);
    var any = open.entrySet().iterator().next();
    byte[] key = new byte[any.getKey().key().remaining()];
    any.getKey().key().duplicate().get(key);
    ClosedValue early = new ClosedValue(any.getKey().start(), any.getKey().end(), any.getValue());
    LogRecord last = app.windowClosed.list(0).getLast();
    app.windowClosed.list(0).add(withValue(last, early.encode(), key));
    assertFails(closed("page-window", TUMBLING, app.windowClosed), "early", new String(key, UTF_8));

    ClosedValue shifted = new ClosedValue(early.start() + 1, early.end() + 1, early.tally());
    app.windowClosed
        .list(0)
        .set(app.windowClosed.list(0).size() - 1, withValue(last, shifted.encode(), key));
    assertFails(
        closed("page-window", TUMBLING, app.windowClosed), "phantom", new String(key, UTF_8));
  }

  @Test
  void whatIsToldInAPartitionThatTheTableHasNotIsFoundOut() {
    LogRecord told = app.windowClosed.list(0).getFirst();
    MemoryLog closed = withAnotherPartition(app.windowClosed, told);
    assertFails(closed("page-window", TUMBLING, closed), "phantom", key(told));

    LogRecord late = app.lateUsers.list(0).getFirst();
    MemoryLog lateUsers = withAnotherPartition(app.lateUsers, late);
    assertFails(
        LateCheck.check(witness, "user-session", app.userViews, sessions(), lateUsers),
        "not-late",
        event(late));
  }

  @Test
  void windowsOfOneSizeAreToldInTheOrderOfTheirStarts() {
    List<LogRecord> list = app.windowClosed.list(0);
    LogRecord first = list.removeFirst();
    list.add(first);
    assertFails(closed("page-window", TUMBLING, app.windowClosed), "out-of-order", key(first));
  }

  // windows that are kept

  @Test
  void expiredWindowsAreGone() {
    assertPass(dropped("page-window", TUMBLING, app.window));
    assertPass(dropped("page-hop", HOPPING, app.hop));
  }

  @Test
  void aWindowThatIsStillThereLongAfterItsTimeIsKept() {
    List<LogRecord> list = app.window.list(0);
    int place = next(list, 0, record -> record.value() == null);
    LogRecord tombstone = list.remove(place);
    assertFails(
        dropped("page-window", TUMBLING, app.window),
        "kept",
        ChangelogKey.describe(tombstone.key()));
  }

  @Test
  void aWindowThatAnEventBeginsAnewIsResurrected() {
    List<LogRecord> list = app.window.list(0);
    int place = next(list, 0, record -> record.value() == null);
    LogRecord tombstone = list.get(place);
    byte[] value = TallyJson.encode(Tally.NONE.plus(plan.id(3)));
    list.add(place + 1, withValue(tombstone, value, tombstone.key()));
    TallyTruth truth = TallyTruth.fold(app.pageViews, TUMBLING);
    Property prefix =
        PrefixCheck.check("p", witness, app.pageViews, truth, app.window, PrefixCheck.Mode.SOME);
    assertFails(prefix, "resurrected", ChangelogKey.describe(tombstone.key()));
  }

  @Test
  void talliesOfTumblingAndHoppingWindowsAreThoseOfPrefixes() {
    for (boolean tumbling : new boolean[] {true, false}) {
      Grouping.ByWindow windows = tumbling ? TUMBLING : HOPPING;
      MemoryLog log = tumbling ? app.window : app.hop;
      TallyTruth truth = TallyTruth.fold(app.pageViews, windows);
      assertPass(PrefixCheck.check("p", witness, app.pageViews, truth, log, PrefixCheck.Mode.SOME));
      assertPass(FinalTallies.check("f", witness, truth, log, true, Guarantee.EXACTLY_ONCE));
    }
    TallyTruth other =
        TallyTruth.fold(
            app.pageViews, new Grouping.ByWindow(seconds(6), seconds(3), seconds(1), seconds(1)));
    assertThat(
            PrefixCheck.check("p", witness, app.pageViews, other, app.hop, PrefixCheck.Mode.SOME)
                .status())
        .as("windows of another step")
        .isEqualTo(Status.FAIL);
  }

  // sessions

  @Test
  void sessionsAreThoseOfTheirEvents() {
    assertPass(sessionTable());
    long deleted = 0;
    long closed = 0;
    for (int p = 0; p < app.partitions; p++) {
      Set<ByteBuffer> places = new HashSet<>();
      for (LogRecord record : app.session.list(p)) {
        ByteBuffer place = ByteBuffer.wrap(Objects.requireNonNull(record.key()));
        deleted += record.value() == null && places.add(place) ? 1 : 0;
      }
      closed += app.sessionClosed.list(p).size();
    }
    assertThat(closed).isGreaterThan(50);
    assertThat(deleted).as("some were united with others").isGreaterThan(closed);
  }

  @Test
  void aSessionWithAnotherEndHasWrongBounds() {
    LogRecord changed = changeSession(s -> new SessionValue(s.start(), s.end() + 1, s.tally()));
    assertFails(sessionTable(), "wrong-bounds", ChangelogKey.describe(changed.key()));
  }

  @Test
  void aSessionThatLacksAnEventNamesIt() {
    long[] lost = new long[1];
    LogRecord changed =
        changeSession(s -> {
          lost[0] = eventIn(s);
          return new SessionValue(
              s.start(),
              s.end(),
              new Tally(
                  s.tally().count() - 1,
                  s.tally().fingerprint() - Tally.NONE.plus(lost[0]).fingerprint()));
        });
    assertFails(
        sessionTable(),
        "lost",
        ChangelogKey.describe(changed.key()),
        "event #" + plan.indexOf(lost[0]) + " ");
  }

  @Test
  void sessionsWithMoreThanAGapBetweenThemMustNotBeUnited() {
    List<LogRecord> list = app.session.list(0);
    for (int first = 0; first < list.size(); first++) {
      SessionValue earlier = session(list.get(first));
      for (int place = first + 1; earlier != null && place < list.size(); place++) {
        LogRecord old = list.get(place);
        SessionValue later = session(old);
        if (later == null
            || isLastOf(list, old)
            || !userOf(old).equals(userOf(list.get(first)))
            || earlier.end() >= later.start()
            || everReaches(old, earlier.start(), later.end())) {
          continue;
        }
        SessionValue united =
            new SessionValue(earlier.start(), later.end(), earlier.tally().and(later.tally()));
        list.set(place, withValue(old, united.encode(), old.key()));
        assertFails(sessionTable(), "wrong-value", ChangelogKey.describe(old.key()));
        return;
      }
    }
    throw new AssertionError("no user has two sessions");
  }

  @Test
  void aSessionThatWasDeletedDoesNotComeBack() {
    List<LogRecord> list = app.session.list(0);
    int place = next(list, 0, record -> deletes(list, record));
    LogRecord tombstone = list.get(place);
    list.add(place + 1, withValue(tombstone, valueBefore(list, tombstone), tombstone.key()));
    Property property = sessionTable();
    assertThat(property.anomalies().getFirst().kind()).isEqualTo("resurrected");
    assertThat(property.detail()).contains(ChangelogKey.describe(tombstone.key()));
  }

  @Test
  void aSessionThatIsOverAndStillThereIsKept() {
    List<LogRecord> list = app.session.list(0);
    Set<KeyWindow> closed = sessions().fold(0).closed().keySet();
    int place =
        next(list, 0, record -> deletes(list, record) && closed.contains(deleted(list, record)));
    LogRecord tombstone = list.remove(place);
    assertFails(sessionTable(), "kept", "key " + userOf(tombstone));
  }

  @Test
  void aSessionThatWasUnitedWithAnotherMustNotStayBesideIt() {
    List<LogRecord> list = app.session.list(0);
    Set<KeyWindow> closed = sessions().fold(0).closed().keySet();
    int place =
        next(list, 0, record -> deletes(list, record) && !closed.contains(deleted(list, record)));
    LogRecord tombstone = list.remove(place);
    assertFails(sessionTable(), "phantom", "key " + userOf(tombstone));
  }

  @Test
  void aSessionThatIsOpenMustBeThere() {
    List<LogRecord> list = app.session.list(0);
    int place = next(list, 0, record -> record.value() != null && isLastOf(list, record));
    byte[] open = list.get(place).key();
    list.removeIf(record -> same(record.key(), open));
    assertFails(sessionTable(), "missing", "Partition 0 of user-session");
  }

  // keys that expire

  @Test
  void keysThatExpireBeginAnewAndAreDeletedInTime() {
    assertPass(expiring());
    assertThat(app.recent.list(0)).anyMatch(record -> record.value() == null);
  }

  @Test
  void aTallyThatGoesOnAfterItsTimeHasForgottenToExpire() {
    assertThat(
            kinds(
                ExpiringCheck.check(witness, "page-recent", app.pageViews, seconds(4), app.recent)))
        .contains("expiry-forgotten");
  }

  @Test
  void aKeyThatIsDeletedTooEarlyIsFoundOut() {
    List<LogRecord> list = app.recent.list(0);
    LogRecord last = null;
    for (LogRecord record : list) {
      last = record.value() != null ? record : last;
    }
    LogRecord alive = Objects.requireNonNull(last);
    list.add(withValue(alive, null, alive.key()));
    assertThat(kinds(expiring())).containsExactlyInAnyOrder("deleted", "missing");
  }

  @Test
  void aKeyThatIsKeptForLongAfterItsTimeIsFoundOut() {
    List<LogRecord> list = app.recent.list(0);
    int place = next(list, 0, record -> deletes(list, record) && isLastOf(list, record));
    LogRecord tombstone = list.remove(place);
    assertFails(expiring(), "kept", ChangelogKey.describe(tombstone.key()));
  }

  /// As [#aKeyThatIsKeptForLongAfterItsTimeIsFoundOut], where all came in one transaction.
  @Test
  void aKeyWhoseTimeWasOverBeforeItWasCommittedNeedNotBeGone() {
    List<LogRecord> list = app.recent.list(0);
    list.remove(next(list, 0, record -> deletes(list, record) && isLastOf(list, record)));
    byte[] lineage = list.getFirst().lineage();
    list.replaceAll(r ->
        new LogRecord(
            r.partition(),
            r.offset(),
            r.timestamp(),
            r.observedAt(),
            r.key(),
            r.value(),
            r.hasId(),
            r.id(),
            lineage));
    assertPass(expiring());
  }

  @Test
  void aValueThatGoesBackIsFoundOut() {
    List<LogRecord> list = app.recent.list(0);
    int first = next(list, 0, record -> Witness.text(record.key()).endsWith("/page-0"));
    LogRecord old = list.get(first);
    int place = next(list, first, record -> same(record.key(), old.key()));
    list.add(place + 1, withValue(list.get(place), old.value(), old.key()));
    assertFails(expiring(), "went-back", ChangelogKey.describe(old.key()));
  }

  // timers

  @Test
  void eachMomentOfATimerFiresOnce() {
    assertPass(timer());
    LogRecord early = app.ticks.list(0).removeFirst();
    assertPass(timer());

    LogRecord twice = app.ticks.list(0).get(3);
    app.ticks.list(0).add(4, twice);
    assertFails(timer(), "fired-twice", "ticks-0@" + twice.offset());
    app.ticks.list(0).remove(4);

    app.ticks.list(0).add(early);
    assertFails(timer(), "out-of-order", "ticks-0@" + early.offset());
    app.ticks.list(0).removeLast();

    LogRecord gone = app.ticks.list(0).remove(4);
    assertFails(timer(), "missed", Instant.ofEpochMilli(gone.timestamp()).toString());
  }

  @Test
  void aTimerThatFallsSilentIsFoundOutUnlessTheRunEndsSoon() {
    List<LogRecord> ticks = app.ticks.list(0);
    List<LogRecord> all = List.copyOf(ticks);
    ticks.removeIf(tick -> tick.timestamp() > all.getLast().timestamp() - 25_000);
    assertPass(timer());

    LogRecord last = all.get(2);
    ticks.removeIf(tick -> tick.timestamp() > last.timestamp());
    assertFails(timer(), "missed", Instant.ofEpochMilli(last.timestamp() + 5_000).toString());
  }

  @Test
  void aTimerThatJumpsFarAheadMissesAllBetween() {
    LogRecord last = app.ticks.list(0).getLast();
    long moment = last.timestamp() + 5_000 * 1_000_000_000L;
    byte[] value = Long.toString(moment).getBytes(UTF_8);
    app.ticks
        .list(0)
        .add(
            new LogRecord(
                0,
                last.offset() + 9,
                moment,
                last.observedAt(),
                last.key(),
                value,
                false,
                0,
                last.lineage()));
    assertFails(
        timer(),
        "missed",
        Instant.ofEpochMilli(last.timestamp() + 5_000).toString(),
        " and 999999998 more after it");
  }

  private Property timer() {
    return TimerCheck.check(witness, app.ticks, seconds(5), app.pageViews);
  }

  private Property gathered(String by, MemoryLog log) {
    return GatheredCheck.check(
        witness, PerfectViews.INPUTS, by, inputs, log, Guarantee.EXACTLY_ONCE);
  }

  private WindowsOfTable aligned(Grouping.ByWindow windows) {
    return new AlignedWindows(app.pageViews, TallyTruth.fold(app.pageViews, windows), windows);
  }

  private SessionTruth sessions() {
    return new SessionTruth(app.userViews, seconds(3), seconds(2));
  }

  private Property late(String table, Grouping.ByWindow windows) {
    return LateCheck.check(witness, table, app.pageViews, aligned(windows), app.latePages);
  }

  private Property closed(String table, Grouping.ByWindow windows, MemoryLog log) {
    return ClosedCheck.check(witness, table, app.partitions, aligned(windows), log);
  }

  private Property sessionsClosed() {
    return ClosedCheck.check(
        witness, "user-session", app.partitions, sessions(), app.sessionClosed);
  }

  private Property dropped(String table, Grouping.ByWindow windows, MemoryLog log) {
    return DroppedCheck.check(table, TallyTruth.fold(app.pageViews, windows), windows, log)
        .orElseThrow();
  }

  private Property sessionTable() {
    return SessionCheck.check(witness, "user-session", sessions(), app.session);
  }

  private Property expiring() {
    return ExpiringCheck.check(witness, "page-recent", app.pageViews, seconds(5), app.recent);
  }

  private interface SessionChange {
    SessionValue of(SessionValue session);
  }

  /// Changes a session of two events in the changelog.
  private LogRecord changeSession(SessionChange change) {
    List<LogRecord> list = app.session.list(0);
    int place =
        next(
            list,
            20,
            record -> {
              SessionValue session = session(record);
              return session != null && session.tally().count() == 2;
            });
    LogRecord old = list.get(place);
    SessionValue session = Objects.requireNonNull(session(old));
    list.set(place, withValue(old, change.of(session).encode(), old.key()));
    return old;
  }

  /// Whether a user has a session at any time that begins and ends then.
  private boolean everReaches(LogRecord record, long start, long end) {
    return sessions().fold(0).history(userOf(record).getBytes(UTF_8)).keySet().stream()
        .anyMatch(session -> session.start() == start && session.end() == end);
  }

  private static @Nullable SessionValue session(LogRecord record) {
    byte[] value = record.value();
    return value == null ? null : SessionValue.decode(value);
  }

  /// The user of a session's record, whose key begins with a tag and a moment.
  private static String userOf(LogRecord record) {
    byte[] key = Objects.requireNonNull(record.key());
    return new String(key, 9, key.length - 9, UTF_8);
  }

  /// The session that a record deletes.
  private static KeyWindow deleted(List<LogRecord> list, LogRecord tombstone) {
    SessionValue session =
        Objects.requireNonNull(
            SessionValue.decode(Objects.requireNonNull(valueBefore(list, tombstone))));
    return KeyWindow.of(userOf(tombstone).getBytes(UTF_8), session.start(), session.end());
  }

  /// Of a session of two events the first to come: without the second it would be what it was
  /// before.
  private long eventIn(SessionValue session) {
    for (LogRecord view : app.userViews.list(0)) {
      for (LogRecord other : app.userViews.list(0)) {
        Tally both = Tally.NONE.plus(view.id()).plus(other.id());
        if (view.offset() < other.offset()
            && same(view.key(), other.key())
            && both.equals(session.tally())) {
          return view.id();
        }
      }
    }
    throw new AssertionError("no two events of a user have " + session.tally());
  }

  /// An event of a closed window.
  private long eventOf(LogRecord told, ClosedValue window) {
    return app.pageViews.list(0).stream()
        .filter(view -> same(view.key(), told.key()))
        .filter(view -> view.timestamp() >= window.start() && view.timestamp() < window.end())
        .findFirst()
        .orElseThrow()
        .id();
  }

  private String event(LogRecord record) {
    return "event #" + plan.indexOf(record.id()) + " ";
  }

  private static ClosedValue closed(LogRecord record) {
    return Objects.requireNonNull(ClosedValue.decode(Objects.requireNonNull(record.value())));
  }

  /// The same log with one partition more, which holds a record.
  private static MemoryLog withAnotherPartition(MemoryLog log, LogRecord record) {
    MemoryLog more = new MemoryLog(log.topic(), log.partitions() + 1);
    for (int p = 0; p < log.partitions(); p++) {
      more.list(p).addAll(log.list(p));
    }
    more.list(log.partitions()).add(record);
    return more;
  }

  private static boolean isLateFor(LogRecord record, String table) {
    return new String(Objects.requireNonNull(record.reason()), UTF_8).startsWith(table + " ");
  }

  /// Whether a record deletes what an earlier one has written.
  private static boolean deletes(List<LogRecord> list, LogRecord record) {
    return record.value() == null && valueBefore(list, record) != null;
  }

  private static byte @Nullable [] valueBefore(List<LogRecord> list, LogRecord record) {
    byte[] value = null;
    for (LogRecord before : list) {
      if (before.offset() < record.offset() && same(before.key(), record.key())) {
        value = before.value();
      }
    }
    return value;
  }

  private static boolean isLastOf(List<LogRecord> list, LogRecord record) {
    return list.stream()
        .noneMatch(later -> later.offset() > record.offset() && same(later.key(), record.key()));
  }

  private static int next(List<LogRecord> list, int after, Predicate<LogRecord> fits) {
    for (int place = after + 1; place < list.size(); place++) {
      if (fits.test(list.get(place))) {
        return place;
      }
    }
    throw new AssertionError("no such record behind " + after);
  }

  private static void swap(List<LogRecord> list, int a, int b) {
    Collections.swap(list, a, b);
  }

  private static boolean same(byte @Nullable [] a, byte @Nullable [] b) {
    return Arrays.equals(a, b);
  }

  private static String key(LogRecord record) {
    return "key " + Witness.text(record.key());
  }

  private static LogRecord withValue(LogRecord r, byte @Nullable [] value, byte @Nullable [] key) {
    return new LogRecord(
        r.partition(),
        r.offset(),
        r.timestamp(),
        r.observedAt(),
        key,
        value,
        r.hasId(),
        r.id(),
        r.lineage(),
        r.reason());
  }

  private static LogRecord withReason(LogRecord r, String reason) {
    return new LogRecord(
        r.partition(),
        r.offset(),
        r.timestamp(),
        r.observedAt(),
        r.key(),
        r.value(),
        r.hasId(),
        r.id(),
        r.lineage(),
        reason.getBytes(UTF_8));
  }

  private static List<String> kinds(Property property) {
    return new ArrayList<>(property.anomalies().stream().map(Anomaly::kind).distinct().toList());
  }

  private static void assertPass(Property property) {
    assertThat(property.status()).as(property.detail()).isEqualTo(Status.PASS);
  }

  private static void assertFails(Property property, String kind, String... names) {
    assertThat(property.status()).as(property.detail()).isEqualTo(Status.FAIL);
    assertThat(kinds(property)).as(property.detail()).containsExactly(kind);
    assertThat(property.anomalies()).anySatisfy(a -> assertThat(a.sentence()).contains(names));
  }

  private static Duration seconds(int n) {
    return Duration.ofSeconds(n);
  }
}
