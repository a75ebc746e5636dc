package dev.gretchen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// Against the definition, minute by minute, around the changes of clocks.
class CrontabPropertyTest {

  private static final Duration LOOKED_AT = Duration.ofHours(30);

  /// Five fields that the test reads by itself.
  record Fields(String minute, String hour, String day, String month, String weekday) {

    String text() {
      return String.join(" ", minute, hour, day, month, weekday);
    }

    boolean name(LocalDateTime local) {
      boolean onDay = holds(day, local.getDayOfMonth());
      int ofWeek = local.getDayOfWeek() == DayOfWeek.SUNDAY ? 0 : local.getDayOfWeek().getValue();
      boolean onWeekday = holds(weekday, ofWeek) || (ofWeek == 0 && holds(weekday, 7));
      boolean eitherDay = !day.equals("*") && !weekday.equals("*");
      return holds(minute, local.getMinute())
          && holds(hour, local.getHour())
          && holds(month, local.getMonthValue())
          && (eitherDay ? onDay || onWeekday : onDay && onWeekday);
    }

    private static boolean holds(String field, int value) {
      for (String part : field.split(",", -1)) {
        String[] stepped = part.split("/", -1);
        int step = stepped.length == 1 ? 1 : Integer.parseInt(stepped[1]);
        if (stepped[0].equals("*")) {
          if (value % step == 0) {
            return true;
          }
          continue;
        }
        String[] ends = stepped[0].split("-", -1);
        int first = Integer.parseInt(ends[0]);
        int last = ends.length == 1 ? first : Integer.parseInt(ends[1]);
        if (first <= value && value <= last && (value - first) % step == 0) {
          return true;
        }
      }
      return false;
    }
  }

  @Provide
  Arbitrary<Fields> fields() {
    return Combinators.combine(
            Arbitraries.of("*", "*/7", "0", "30", "59", "5,35", "10-20", "0-58/13"),
            Arbitraries.of("*", "*/5", "0", "1", "2", "3", "23", "1-3", "2,14"),
            Arbitraries.of("*", "*", "1", "15", "24-31"),
            Arbitraries.of("*", "*", "3", "10", "3-11"),
            Arbitraries.of("*", "*", "0", "7", "5", "1-5"))
        .as(Fields::new);
  }

  @Provide
  Arbitrary<ZoneId> zones() {
    return Arbitraries.of(
            "UTC",
            "Europe/Berlin",
            "America/St_Johns",
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "America/Santiago")
        .map(ZoneId::of);
  }

  @Property(tries = 200)
  void firesAtTheMinutesThatItsFieldsNameAndAtNoOther(
      @ForAll("fields") Fields fields,
      @ForAll("zones") ZoneId zone,
      @ForAll @IntRange(min = 0, max = 20) int year,
      @ForAll @IntRange(min = 0, max = 30 * 60) int minutesBefore) {
    Instant inYear = Instant.parse("2020-01-15T00:00:00Z").plus(365L * year, ChronoUnit.DAYS);
    ZoneOffsetTransition change = zone.getRules().nextTransition(inYear);
    Instant from =
        (change == null ? inYear : change.getInstant()).minus(minutesBefore, ChronoUnit.MINUTES);
    Instant to = from.plus(LOOKED_AT);
    Crontab crontab = Crontab.of(fields.text(), zone);

    List<Instant> fired = new ArrayList<>();
    long at = crontab.next(from.toEpochMilli());
    while (at <= to.toEpochMilli()) {
      fired.add(Instant.ofEpochMilli(at));
      assertThat(crontab.next(at)).as("a moment is its own next one").isEqualTo(at);
      at = crontab.next(at + 1);
    }

    assertThat(fired)
        .as(crontab.toString())
        .containsExactlyElementsOf(named(fields, zone, from, to));
  }

  private static List<Instant> named(Fields fields, ZoneId zone, Instant from, Instant to) {
    TreeSet<Instant> named = new TreeSet<>();
    LocalDateTime last = LocalDateTime.ofInstant(to, zone).plusHours(3);
    for (LocalDateTime local =
            LocalDateTime.ofInstant(from, zone).minusHours(3).truncatedTo(ChronoUnit.MINUTES);
        local.isBefore(last);
        local = local.plusMinutes(1)) {
      if (fields.name(local)) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        named.add(
            offsets.isEmpty()
                ? Objects.requireNonNull(zone.getRules().getTransition(local)).getInstant()
                : local.toInstant(offsets.getFirst()));
      }
    }
    return List.copyOf(named.subSet(from, true, to, true));
  }

  @Example
  void readsNamesAndTakesEitherDay() {
    Crontab crontab = Crontab.of("30 8 13 OCT FRI");

    assertThat(
            Instant.ofEpochMilli(
                crontab.next(Instant.parse("2026-10-03T00:00:00Z").toEpochMilli())))
        .as("a Friday")
        .isEqualTo(Instant.parse("2026-10-09T08:30:00Z"));
    assertThat(
            Instant.ofEpochMilli(
                crontab.next(Instant.parse("2026-10-09T08:30:00.001Z").toEpochMilli())))
        .as("the 13th")
        .isEqualTo(Instant.parse("2026-10-13T08:30:00Z"));
  }

  @Example
  void refusesWhatIsNoCrontabOrNeverFires() {
    assertThatThrownBy(() -> Crontab.of("every minute"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("crontab: expected minute, hour, day of month, month and day of week")
        .hasMessageContaining("found 'every minute'");
    assertThatThrownBy(() -> Crontab.of("61 * * * *")).hasMessageContaining("found '61 * * * *'");
    assertThatThrownBy(() -> Crontab.of("0 0 30 2 *")).hasMessageContaining("never fires");
  }
}
