package dev.gretchen.verifier.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.PerfectApp;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.truth.Grouping;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.TallyTruth;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import org.junit.jupiter.api.Test;

class PrefixCheckTest {

  private static final Grouping MINUTES =
      new Grouping.ByWindow(Duration.ofMinutes(1), Duration.ofHours(1));

  @net.jqwik.api.Property(tries = 60)
  void uneditedHistoriesPass(@ForAll long seed) {
    PerfectApp app = new PerfectApp(plan(seed));
    assertThat(counts(app).status()).isEqualTo(Status.PASS);
    assertThat(total(app).status()).isEqualTo(Status.PASS);
    assertThat(minute(app).status()).isEqualTo(Status.PASS);
  }

  @net.jqwik.api.Property(tries = 150)
  void anySingleDropRepetitionOrSwapIsFound(@ForAll long seed) {
    Random random = new Random(seed);
    PerfectApp app = new PerfectApp(plan(seed));
    int partition = nonEmpty(app.counts, random);
    List<LogRecord> updates = app.counts.list(partition);
    int at = random.nextInt(updates.size());
    LogRecord edited = updates.get(at);
    String kind;
    switch (random.nextInt(3)) {
      case 0 -> {
        updates.remove(at);
        kind = "lost";
      }
      case 1 -> {
        updates.add(at, edited);
        kind = "doubled";
      }
      default -> {
        int other = nextOfKey(updates, at);
        if (other < 0) {
          return;
        }
        Collections.swap(updates, at, other);
        kind = "out-of-order";
      }
    }
    app.counts.renumber(partition);
    Property property = counts(app);
    assertThat(property.status()).isEqualTo(Status.FAIL);
    assertThat(property.anomalies()).extracting(Anomaly::kind).contains(kind);
    if (!kind.equals("out-of-order")) {
      assertThat(property.anomalyCount()).isEqualTo(1);
      assertThat(property.detail())
          .contains("#" + app.plan.indexOf(edited.id()) + " ")
          .contains("ey " + new String(edited.key(), UTF_8));
    }
  }

  @Test
  void theLastEventOfAWindowIsMissedByNoPrefixAndFoundAtTheEnd() {
    // a seed whose minute ends within the load, so that some event is the last of its window
    LoadPlan plan = plan(514_229);
    long index = plan.count() - 1;
    while (!plan.isColor(plan.id(index)) || comesAgain(plan, index)) {
      index--;
    }
    PerfectApp app = new PerfectApp(plan, Map.of(index, 0));
    assertThat(minute(app).status()).isEqualTo(Status.PASS);
    Property end = lastWindow(plan, app.colors, app.minute);
    assertThat(end.status()).isEqualTo(Status.FAIL);
    assertThat(end.detail()).contains("#" + index + " ");
  }

  @net.jqwik.api.Property(tries = 60)
  void anEventThatATableLeftOutOrCountedTwiceIsNamed(@ForAll long seed) {
    LoadPlan plan = plan(seed);
    long index = new Random(seed).nextInt(100, 300);
    while (!plan.isColor(plan.id(index)) || !comesAgain(plan, index)) {
      index++;
    }
    for (int weight : new int[] {0, 2}) {
      PerfectApp app = new PerfectApp(plan, Map.of(index, weight));
      for (Property property : List.of(counts(app), total(app), minute(app), last(app))) {
        assertThat(property.status()).as(property.name()).isEqualTo(Status.FAIL);
        assertThat(property.detail()).as(property.name()).contains("#" + index + " ");
        assertThat(property.anomalyCount()).as(property.name()).isEqualTo(1);
      }
    }
  }

  @Test
  void anEventCountedInPlaceOfAnotherIsNamed() {
    PerfectApp app = new PerfectApp(plan(5));
    int partition = nonEmpty(app.counts, new Random(5));
    List<LogRecord> updates = app.counts.list(partition);
    LogRecord third = ofKey(updates, 2);
    LogRecord other = app.counts.list(partition).getLast();
    long before = fingerprint(ofKey(updates, 1));
    Tally wrong = new Tally(2, before).plus(other.id());
    updates.set(updates.indexOf(third), with(third, TallyJson.encode(wrong)));
    Property property = counts(app);
    assertThat(property.status()).isEqualTo(Status.FAIL);
    assertThat(property.detail()).contains("#" + app.plan.indexOf(other.id()) + " ");
  }

  @Test
  void aChangelogThatGoesBackIsFoundButOneThatSkipsIsRight() {
    PerfectApp app = new PerfectApp(plan(5));
    int partition = nonEmpty(app.total, new Random(5));
    List<LogRecord> changes = app.total.list(partition);
    int next = nextOfKey(changes, 0);
    changes.remove(next);
    app.total.renumber(partition);
    assertThat(total(app).status()).isEqualTo(Status.PASS);
    int last = nextOfKey(changes, 0);
    changes.add(last + 1, changes.getFirst());
    app.total.renumber(partition);
    assertThat(total(app).anomalies()).extracting(Anomaly::kind).containsExactly("went-back");
  }

  @Test
  void reservedKeysAreSkippedAndForeignOnesAreNot() {
    PerfectApp app = new PerfectApp(plan(5));
    byte[] value = {1};
    app.total.append(0, 0, 0, new byte[] {0, 1, 2}, value, null, null);
    assertThat(total(app).status()).isEqualTo(Status.PASS);
    app.total.append(0, 0, 0, ChangelogKey.windowed(0, value), value, null, null);
    app.total.append(0, 0, 0, ChangelogKey.plain(value), value, null, null);
    assertThat(total(app).anomalies())
        .extracting(Anomaly::kind)
        .containsExactly("wrong-key", "phantom");
  }

  @Test
  void anEventIsLateExactlyWhenItsWindowsRetentionIsOver() {
    LoadPlan plan = plan(5);
    long end = Duration.ofMinutes(61).toMillis();
    MemoryLog onTime = source(plan, 0, end - 1, 30_000);
    assertThat(TallyTruth.fold(onTime, MINUTES).late()).isZero();
    MemoryLog late = source(plan, 0, end, 30_000);
    TallyTruth truth = TallyTruth.fold(late, MINUTES);
    assertThat(truth.late()).isEqualTo(1);

    byte[] key = ChangelogKey.windowed(0, "red".getBytes(UTF_8));
    byte[] endKey = ChangelogKey.windowed(3_660_000, "red".getBytes(UTF_8));
    MemoryLog changelog = new MemoryLog("changelog", 1);
    Tally first = Tally.NONE.plus(plan.id(0));
    changelog.append(0, 1, 0, key, TallyJson.encode(first), null, null);
    byte[] second = TallyJson.encode(Tally.NONE.plus(plan.id(1)));
    changelog.append(0, 1, 0, endKey, second, null, null);
    assertThat(minute(plan, late, changelog).status()).isEqualTo(Status.PASS);
    assertThat(lastWindow(plan, late, changelog).status()).isEqualTo(Status.PASS);
    changelog.append(0, 1, 0, key, TallyJson.encode(first.plus(plan.id(2))), null, null);
    assertThat(minute(plan, late, changelog).detail()).contains("#2 ");
  }

  @Test
  void aWindowMayBeDeletedWhenItHasExpiredAndNotBefore() {
    LoadPlan plan = plan(5);
    byte[] key = ChangelogKey.windowed(0, "red".getBytes(UTF_8));
    MemoryLog changelog = new MemoryLog("changelog", 1);
    changelog.append(0, 1, 0, key, TallyJson.encode(Tally.NONE.plus(plan.id(0))), null, null);
    changelog.append(0, 1, 0, key, null, null, null);
    long end = Duration.ofMinutes(61).toMillis();
    assertThat(minute(plan, source(plan, 0, end), changelog).status()).isEqualTo(Status.PASS);
    assertThat(minute(plan, source(plan, 0, end - 1), changelog).anomalies())
        .extracting(Anomaly::kind)
        .containsExactly("deleted");
    changelog.append(0, 1, 0, key, TallyJson.encode(Tally.NONE.plus(plan.id(0))), null, null);
    assertThat(minute(plan, source(plan, 0, end), changelog).anomalies())
        .extracting(Anomaly::kind)
        .containsExactly("resurrected");
  }

  private static MemoryLog source(LoadPlan plan, long... timestamps) {
    MemoryLog source = new MemoryLog("colors", 1);
    byte[] red = "red".getBytes(UTF_8);
    for (int i = 0; i < timestamps.length; i++) {
      source.append(0, i, timestamps[i], red, red, plan.id(i), null);
    }
    return source;
  }

  private static Property minute(LoadPlan plan, MemoryLog source, MemoryLog changelog) {
    return PrefixCheck.check(
        "changelog-prefix:color-minute",
        new Witness(plan, source, List.of()),
        source,
        TallyTruth.fold(source, MINUTES),
        changelog,
        PrefixCheck.Mode.SOME);
  }

  private static Property lastWindow(LoadPlan plan, MemoryLog source, MemoryLog changelog) {
    return FinalTallies.check(
        "final-table:color-minute",
        new Witness(plan, source, List.of()),
        TallyTruth.fold(source, MINUTES),
        changelog,
        true,
        Guarantee.EXACTLY_ONCE);
  }

  private static Property counts(PerfectApp app) {
    return PrefixCheck.check(
        "output-exact:color-counts",
        witness(app),
        app.colors,
        TallyTruth.fold(app.colors, new Grouping.ByKey()),
        app.counts,
        PrefixCheck.Mode.EVERY);
  }

  private static Property total(PerfectApp app) {
    return PrefixCheck.check(
        "changelog-prefix:color-total",
        witness(app),
        app.colors,
        TallyTruth.fold(app.colors, new Grouping.ByKey()),
        app.total,
        PrefixCheck.Mode.SOME);
  }

  private static Property minute(PerfectApp app) {
    return PrefixCheck.check(
        "changelog-prefix:color-minute",
        witness(app),
        app.colors,
        TallyTruth.fold(app.colors, MINUTES),
        app.minute,
        PrefixCheck.Mode.SOME);
  }

  private static Property last(PerfectApp app) {
    return FinalTallies.check(
        "final-table:color-total",
        witness(app),
        TallyTruth.fold(app.colors, new Grouping.ByKey()),
        app.total,
        true,
        Guarantee.EXACTLY_ONCE);
  }

  private static Witness witness(PerfectApp app) {
    return new Witness(app.plan, app.words, List.of());
  }

  private static int nonEmpty(MemoryLog log, Random random) {
    int p = random.nextInt(log.partitions());
    while (log.list(p).isEmpty()) {
      p = (p + 1) % log.partitions();
    }
    return p;
  }

  private static int nextOfKey(List<LogRecord> records, int at) {
    for (int i = at + 1; i < records.size(); i++) {
      if (Arrays.equals(records.get(i).key(), records.get(at).key())) {
        return i;
      }
    }
    return -1;
  }

  private static LogRecord ofKey(List<LogRecord> records, int n) {
    return records.stream()
        .filter(r -> Arrays.equals(r.key(), records.getFirst().key()))
        .skip(n)
        .findFirst()
        .orElseThrow();
  }

  private static long fingerprint(LogRecord record) {
    Tally tally = TallyJson.decode(Objects.requireNonNull(record.value()));
    return Objects.requireNonNull(tally).fingerprint();
  }

  private static LogRecord with(LogRecord r, byte[] value) {
    return new LogRecord(
        r.partition(),
        r.offset(),
        r.timestamp(),
        r.observedAt(),
        r.key(),
        value,
        r.hasId(),
        r.id(),
        r.lineage());
  }

  /// Whether a table must show the loss of an event in a later update of its key: one in another
  /// commit, whose tally the lost event belongs to. Whether the event's colour comes again in the
  /// event's own minute: an error in the last event of a group is not one of prefixes, it is found
  /// by the final comparison.
  private static boolean comesAgain(LoadPlan plan, long index) {
    byte[] color = plan.value(plan.id(index));
    return LongStream.range(index + 50, plan.count())
        .anyMatch(i ->
            plan.isColor(plan.id(i))
                && minute(plan, i) == minute(plan, index)
                && Arrays.equals(color, plan.value(plan.id(i))));
  }

  private static long minute(LoadPlan plan, long index) {
    return Math.floorDiv(plan.time(index, plan.id(index)), Duration.ofMinutes(1).toMillis());
  }

  private static LoadPlan plan(long seed) {
    return new LoadPlan(LoadShape.uniform(seed, 500, Duration.ofSeconds(2), 4, "css"));
  }
}
