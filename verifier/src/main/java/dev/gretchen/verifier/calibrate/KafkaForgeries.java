package dev.gretchen.verifier.calibrate;

import static dev.gretchen.verifier.calibrate.Records.replaced;
import static dev.gretchen.verifier.calibrate.Records.swapped;
import static dev.gretchen.verifier.calibrate.Records.withValue;
import static dev.gretchen.verifier.calibrate.Records.without;

import dev.gretchen.verifier.calibrate.Change.InAcks;
import dev.gretchen.verifier.calibrate.Change.InFacts;
import dev.gretchen.verifier.calibrate.Change.InLog;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.verdict.Status;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// What can be wrong with the input log, where the app is innocent: of its records only words that
/// the app drops are touched, and nothing but the platform may be accused.
final class KafkaForgeries {

  private KafkaForgeries() {}

  static Forgery acknowledgedAndGone(Recording run) {
    String topic = run.app().input();
    LogRecord gone = noise(run);
    return Forgery.of(
        Witness.at(topic, gone) + " was acknowledged and is not in the log",
        platform(run, "lost-by-kafka", gone),
        new InLog(topic, gone.partition(), without(gone)));
  }

  static Forgery altered(Recording run) {
    String topic = run.app().input();
    LogRecord changed = noise(run);
    byte[] other = "another-word".getBytes(StandardCharsets.UTF_8);
    return Forgery.of(
        Witness.at(topic, changed) + " has another value than was sent",
        platform(run, "wrong-value", changed),
        new InLog(topic, changed.partition(), replaced(changed, withValue(changed, other))));
  }

  static Forgery reordered(Recording run) {
    String topic = run.app().input();
    // neighbours, or all records between them were out of order too
    LogRecord early = twoOfNoise(run);
    LogRecord late = run.next(topic, early, _ -> true);
    return Forgery.of(
        Witness.at(topic, early) + " changes places with " + Witness.at(topic, late),
        platform(run, "out-of-order", early),
        new InLog(topic, early.partition(), swapped(early, late)));
  }

  static Forgery doubled(Recording run) {
    String topic = run.app().input();
    LogRecord twice = twoOfNoise(run);
    LogRecord next = run.next(topic, twice, _ -> true);
    return Forgery.of(
        Witness.at(topic, next) + " is a copy of the record before it",
        platform(run, "doubled-by-kafka", twice),
        new InLog(topic, twice.partition(), replaced(next, twice)));
  }

  /// The log stays as it is, so that any event serves: of an app that drops none, this one shows
  /// that its input log is looked at.
  static Forgery failedAndThere(Recording run) {
    LogRecord there = run.middle(run.app().input(), record -> isOfLoad(run, record));
    return Forgery.of(
        "the sending of "
            + Witness.at(run.app().input(), there)
            + " failed for certain, and it is in the log",
        platform(run, "failed-but-present", there),
        said(run, there, Ack.Status.FAILED));
  }

  /// Without a barrier it may still come.
  static Forgery unknownWithoutBarrier(Recording run) {
    String topic = run.app().input();
    LogRecord gone = noise(run);
    return Forgery.of(
        "nobody knows what became of "
            + Witness.at(topic, gone)
            + ", and no barrier stands behind the load",
        Expected.ends(property(run), Status.UNKNOWN, "1 events of unknown fate"),
        new InFacts("barrier", false),
        said(run, gone, Ack.Status.UNKNOWN),
        new InLog(topic, gone.partition(), without(gone)));
  }

  private static LogRecord noise(Recording run) {
    return run.middle(run.app().input(), record -> isNoise(run, record));
  }

  /// A record of noise that is followed by another one.
  private static LogRecord twoOfNoise(Recording run) {
    String topic = run.app().input();
    return run.beforeNext(
        topic, run.busiest(topic), (record, next) -> isNoise(run, record) && isNoise(run, next));
  }

  private static boolean isNoise(Recording run, LogRecord record) {
    return isOfLoad(run, record) && !run.plan().isColor(record.id());
  }

  private static boolean isOfLoad(Recording run, LogRecord record) {
    return record.hasId() && run.plan().indexOf(record.id()) >= 0;
  }

  private static InAcks said(Recording run, LogRecord record, Ack.Status status) {
    long index = run.plan().indexOf(record.id());
    return new InAcks(
        record.partition(), ack -> ack.index() == index ? new Ack(index, status, -1) : ack);
  }

  private static Expected platform(Recording run, String kind, LogRecord record) {
    return Expected.fail(property(run), Set.of(kind), run.event(record.id())).butNothingElse();
  }

  /// All inputs are judged together.
  private static String property(Recording run) {
    return "platform-log:" + String.join("+", run.app().inputs());
  }
}
