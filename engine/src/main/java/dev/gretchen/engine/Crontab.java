package dev.gretchen.engine;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;

/// When a timer fires: at the minutes that the five fields of a crontab name (minute, hour, day of
/// month, month, day of week), with `*`, lists, ranges, steps, and names of months and days. Where
/// both days are given, either will do.
///
///     app.onLeader("report", Crontab.of("30 8 * * MON-FRI", berlin), tick -> ...)
///
/// **Where clocks are put forward**, the minutes that are left out fire together, once, at the
/// moment of the change. Where they are put back, the minutes that come twice fire the first time.
///
/// Immutable.
public final class Crontab implements When {

  private static final long SECOND = 1_000;

  private final String text;
  private final ZoneId zone;

  /// Knows no zone: it is asked for local times, as if they were those of UTC.
  private final ExecutionTime localTimes;

  private Crontab(String text, ZoneId zone) {
    this.text = text;
    this.zone = zone;
    this.localTimes = parsed(text);
  }

  /// In UTC.
  ///
  /// @throws IllegalArgumentException if it is no crontab, or names no moment
  public static Crontab of(String text) {
    return of(text, ZoneOffset.UTC);
  }

  /// In the local time of a zone.
  ///
  /// @throws IllegalArgumentException if it is no crontab, or names no moment
  public static Crontab of(String text, ZoneId zone) {
    Crontab crontab = new Crontab(text, zone);
    if (crontab.next(0) == Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          crontab + " never fires: there is no such day; correct day and month");
    }
    return crontab;
  }

  private static ExecutionTime parsed(String text) {
    try {
      return ExecutionTime.forCron(
          new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(text));
    } catch (IllegalArgumentException unfit) {
      throw new IllegalArgumentException(
          "crontab: expected minute, hour, day of month, month and day of week, as in '*/5 8-18 * * MON-FRI', found '"
              + text
              + "': "
              + unfit.getMessage(),
          unfit);
    }
  }

  @Override
  public long next(long epochMillis) {
    long earliest = Math.ceilDiv(epochMillis, SECOND);
    ZonedDateTime before =
        LocalDateTime.ofInstant(Instant.ofEpochSecond(earliest - 1), zone).atZone(ZoneOffset.UTC);
    while (true) {
      Optional<ZonedDateTime> match = localTimes.nextExecution(before);
      if (match.isEmpty()) {
        return Long.MAX_VALUE;
      }
      long moment = moment(match.get().toLocalDateTime());
      if (moment >= earliest) {
        return moment * SECOND;
      }
      // a minute that comes twice, and has been
      before = match.get();
    }
  }

  /// Of two local times the later one is never the earlier moment; so the first that is found is
  /// the next.
  private long moment(LocalDateTime local) {
    ZoneOffsetTransition change = zone.getRules().getTransition(local);
    return change != null && change.isGap()
        ? change.toEpochSecond()
        : local.atZone(zone).toEpochSecond();
  }

  @Override
  public String toString() {
    return "crontab '" + text + "' (" + zone + ")";
  }
}
