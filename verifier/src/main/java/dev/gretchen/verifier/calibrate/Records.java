package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.calibrate.Change.Rewrite;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.truth.LogRecord;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Edits of single records, and the rewrites that they make up.
final class Records {

  private Records() {}

  /// Leaves a record out.
  static Rewrite without(LogRecord gone) {
    return record -> record.offset() == gone.offset() ? List.of() : List.of(record);
  }

  /// Puts another content into a record's place.
  static Rewrite replaced(LogRecord old, LogRecord content) {
    return changed(record -> record.offset() == old.offset(), record -> moved(content, record));
  }

  /// Lets two records change places.
  static Rewrite swapped(LogRecord a, LogRecord b) {
    return record ->
        List.of(
            record.offset() == a.offset()
                ? moved(b, record)
                : record.offset() == b.offset() ? moved(a, record) : record);
  }

  /// Changes the records that are meant.
  static Rewrite changed(Predicate<LogRecord> which, UnaryOperator<LogRecord> change) {
    return record -> List.of(which.test(record) ? change.apply(record) : record);
  }

  /// Puts a record behind another one, at an offset that no consumer saw.
  static Rewrite inserted(LogRecord before, LogRecord content) {
    return record ->
        record.offset() == before.offset()
            ? List.of(record, at(moved(content, record), before.offset() + 1))
            : List.of(record);
  }

  /// A record's content at another one's place and time.
  private static LogRecord moved(LogRecord r, LogRecord to) {
    return new LogRecord(
        to.partition(),
        to.offset(),
        r.timestamp(),
        to.observedAt(),
        r.key(),
        r.value(),
        r.hasId(),
        r.id(),
        r.lineage(),
        r.reason());
  }

  static LogRecord at(LogRecord r, long offset) {
    return new LogRecord(
        r.partition(),
        offset,
        r.timestamp(),
        r.observedAt(),
        r.key(),
        r.value(),
        r.hasId(),
        r.id(),
        r.lineage(),
        r.reason());
  }

  static LogRecord later(LogRecord r, long millis) {
    return new LogRecord(
        r.partition(),
        r.offset(),
        r.timestamp(),
        r.observedAt() + millis,
        r.key(),
        r.value(),
        r.hasId(),
        r.id(),
        r.lineage(),
        r.reason());
  }

  static LogRecord withTimestamp(LogRecord r, long timestamp) {
    return new LogRecord(
        r.partition(),
        r.offset(),
        timestamp,
        r.observedAt(),
        r.key(),
        r.value(),
        r.hasId(),
        r.id(),
        r.lineage(),
        r.reason());
  }

  static LogRecord withId(LogRecord r, long id) {
    return new LogRecord(
        r.partition(),
        r.offset(),
        r.timestamp(),
        r.observedAt(),
        r.key(),
        r.value(),
        true,
        id,
        r.lineage(),
        r.reason());
  }

  static LogRecord withKey(LogRecord r, byte[] key) {
    return new LogRecord(
        r.partition(),
        r.offset(),
        r.timestamp(),
        r.observedAt(),
        key,
        r.value(),
        r.hasId(),
        r.id(),
        r.lineage(),
        r.reason());
  }

  static LogRecord withValue(LogRecord r, byte @Nullable [] value) {
    return new LogRecord(
        r.partition(),
        r.offset(),
        r.timestamp(),
        r.observedAt(),
        r.key(),
        value,
        r.hasId(),
        r.id(),
        r.lineage(),
        r.reason());
  }

  static LogRecord withLineage(LogRecord r, Lineage lineage) {
    return new LogRecord(
        r.partition(),
        r.offset(),
        r.timestamp(),
        r.observedAt(),
        r.key(),
        r.value(),
        r.hasId(),
        r.id(),
        lineage.encode(),
        r.reason());
  }

  /// A record with another tally; as it is where it holds none.
  static LogRecord withTally(LogRecord r, UnaryOperator<Tally> change) {
    Tally tally = tally(r);
    return tally == null ? r : withValue(r, TallyJson.encode(change.apply(tally)));
  }

  static @Nullable Tally tally(LogRecord r) {
    byte[] value = r.value();
    return value == null ? null : TallyJson.decode(value);
  }

  static boolean isOf(LogRecord r, byte @Nullable [] key) {
    return Arrays.equals(r.key(), key);
  }
}
