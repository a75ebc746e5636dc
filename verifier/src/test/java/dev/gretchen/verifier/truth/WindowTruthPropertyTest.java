package dev.gretchen.verifier.truth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.MemoryLog;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TimedTally;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// The truth of windows, sessions and keys that expire, against what follows from their definition
/// by another way.
class WindowTruthPropertyTest {

  private static final long LONG_AGO = 1_000_000;
  private static final byte[] KEY = "k".getBytes(UTF_8);

  @Property(tries = 300)
  void anEventIsInEachWindowThatHoldsItAndInNoOther(
      @ForAll @IntRange(min = 1, max = 50) int step,
      @ForAll @IntRange(min = 0, max = 100) int more,
      @ForAll @IntRange(min = 0, max = 10_000) int time) {
    Grouping.ByWindow windows = windows(step + more, step, 0);
    for (long start = 0; start <= time + step; start += step) {
      boolean among = start >= windows.firstStart(time) && start <= windows.windowStart(time);
      assertThat(among).as("window from " + start).isEqualTo(windows.holds(start, time));
    }
    assertThat(windows.firstStart(time) % step).isZero();
  }

  @Property(tries = 200)
  void aWindowCountsWhatItHoldsAndHadNotClosedFor(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 400) Integer> times,
      @ForAll @IntRange(min = 1, max = 40) int step,
      @ForAll @IntRange(min = 0, max = 60) int more,
      @ForAll @IntRange(min = 0, max = 60) int grace) {
    int size = step + more;
    MemoryLog source = log(times);
    Grouping.ByWindow windows = windows(size, step, grace);
    TallyTruth truth = TallyTruth.fold(source, windows);

    Map<Long, Tally> counted = new TreeMap<>();
    List<Integer> late = new ArrayList<>();
    long now = 0;
    for (int event = 0; event < times.size(); event++) {
      long time = times.get(event);
      now = Math.max(now, time);
      boolean missed = false;
      for (long start = 0; start <= time; start += step) {
        if (time < start + size && now < start + size + grace) {
          counted.merge(start, Tally.NONE.plus(event), Tally::and);
        } else if (time < start + size) {
          missed = true;
        }
      }
      if (missed) {
        late.add(event);
      }
    }

    assertThat(truth.groups().size()).isEqualTo(counted.size());
    counted.forEach((start, tally) -> {
      byte[] group = ByteBuffer.allocate(Long.BYTES + KEY.length).putLong(start).put(KEY).array();
      assertThat(truth.tally(truth.groups().find(group, 0))).isEqualTo(tally);
    });
    assertThat(new AlignedWindows(source, truth, windows).late(0))
        .extracting(each -> (int) each.event().id())
        .containsExactlyElementsOf(late);
  }

  @Property(tries = 300)
  void whereNothingIsLateSessionsAreTheSameInAnyOrderOfTheEvents(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 1_000) Integer> times,
      @ForAll @IntRange(min = 1, max = 40) int gap,
      @ForAll long seed) {
    List<Integer> shuffled = new ArrayList<>(times);
    Collections.shuffle(shuffled, new Random(seed));
    SessionFold fold = SessionFold.of(log(shuffled).records(0), gap, LONG_AGO);

    // sorted by time, a session goes on while the next event is less than a gap away
    Map<Long, Long> expected = new TreeMap<>();
    List<Integer> sorted = times.stream().sorted().toList();
    long start = sorted.getFirst();
    for (int i = 0; i < sorted.size(); i++) {
      boolean ends = i == sorted.size() - 1 || sorted.get(i + 1) >= sorted.get(i) + gap;
      if (ends) {
        expected.put(start, (long) sorted.get(i) + gap);
        start = i < sorted.size() - 1 ? sorted.get(i + 1) : start;
      }
    }

    Map<Long, Long> found = new TreeMap<>();
    long events = 0;
    for (Map.Entry<KeyWindow, Tally> open : fold.open().entrySet()) {
      found.put(open.getKey().start(), open.getKey().end());
      events += open.getValue().count();
    }
    assertThat(found).isEqualTo(expected);
    assertThat(events).isEqualTo(times.size());
    assertThat(fold.closed()).isEmpty();
    assertThat(fold.late()).isEmpty();
  }

  @Property(tries = 300)
  void everyEventIsInOneSessionOrLateAndOpenSessionsDoNotOverlap(
      @ForAll @Size(min = 1, max = 80) List<@IntRange(min = 0, max = 500) Integer> times,
      @ForAll @IntRange(min = 1, max = 30) int gap,
      @ForAll @IntRange(min = 0, max = 30) int retention) {
    SessionFold fold = SessionFold.of(log(times).records(0), gap, retention);
    long now = times.stream().mapToInt(time -> time).max().orElseThrow();

    long events = fold.late().size();
    Map<KeyWindow, Tally> all = new HashMap<>(fold.closed());
    all.putAll(fold.open());
    assertThat(all).hasSize(fold.closed().size() + fold.open().size());
    for (Map.Entry<KeyWindow, Tally> session : all.entrySet()) {
      events += session.getValue().count();
      boolean over = session.getKey().end() + retention <= now;
      assertThat(fold.closed().containsKey(session.getKey())).isEqualTo(over);
    }
    assertThat(events).isEqualTo(times.size());
    long before = Long.MIN_VALUE;
    for (KeyWindow session :
        fold.open().keySet().stream().sorted(Comparator.comparingLong(KeyWindow::start)).toList()) {
      assertThat(session.start()).isGreaterThanOrEqualTo(before);
      before = session.end();
    }
  }

  @Property(tries = 200)
  void aKeyBeginsAnewAfterItsLifetimeWithoutAnEvent(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 0, max = 50) Integer> steps,
      @ForAll @IntRange(min = 1, max = 60) int lifetime) {
    List<Integer> times = new ArrayList<>();
    int time = 0;
    for (int step : steps) {
      time += step;
      times.add(time);
    }
    ExpiringFold fold = ExpiringFold.of(log(times).records(0), lifetime);
    ExpiringFold.Life life = Objects.requireNonNull(fold.keys().get(ByteBuffer.wrap(KEY)));

    Tally tally = Tally.NONE;
    for (int event = 0; event < times.size(); event++) {
      boolean anew = event > 0 && steps.get(event) >= lifetime;
      tally = (anew ? Tally.NONE : tally).plus(event);
      assertThat(life.state(event)).isEqualTo(new TimedTally(times.get(event), tally));
    }
  }

  private static Grouping.ByWindow windows(int size, int step, int grace) {
    return new Grouping.ByWindow(
        Duration.ofMillis(size),
        Duration.ofMillis(step),
        Duration.ofMillis(grace),
        Duration.ofMillis(grace));
  }

  /// Events of one key, whose ids are their places.
  private static MemoryLog log(List<Integer> times) {
    MemoryLog log = new MemoryLog("source", 1);
    for (int event = 0; event < times.size(); event++) {
      log.append(0, 0, times.get(event), KEY, KEY, (long) event, null);
    }
    return log;
  }
}
