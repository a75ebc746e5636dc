package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.calibrate.Change.InLines;
import dev.gretchen.verifier.check.OpenTransactionsCheck;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.truth.StableSample;
import dev.gretchen.verifier.truth.StableSample.OpenTransaction;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;

/// What can be wrong with the ends of transactions.
final class TransactionForgeries {

  private static final long PRODUCER = 4_711;
  private static final long FIRST = 3;
  private static final long STABLE_END = 3;
  private static final long END = 20;

  /// So short that a run of a minute is long beside it.
  private static final long TIMEOUT_MILLIS = 1_000;

  private TransactionForgeries() {}

  /// One begins with the run and never ends, as long as there is load.
  static Forgery hangs(Recording run) {
    List<StableSample> samples = run.lines(RunDirectory::transactions, StableSample.class);
    long seen = samples.getLast().at() - samples.getFirst().at();
    long least = 2 * OpenTransactionsCheck.SLACK.toMillis();
    if (seen < least) {
      throw new NoSuchElementException(
          "the logs' ends were looked at for %d ms only".formatted(seen));
    }
    OpenTransaction open = on(run);
    return Forgery.of(
        "a transaction is open on %s-%d under all of the load"
            .formatted(open.topic(), open.partition()),
        Expected.fail(
                OpenTransactionsCheck.NAME,
                Set.of("hanging-transaction"),
                "producer " + PRODUCER,
                open.topic() + "-" + open.partition() + " from offset " + FIRST,
                "its time-out is " + TIMEOUT_MILLIS + " ms")
            .butNothingElse(),
        added(open, sample -> !sample.last()));
  }

  /// One is still open when all is quiet.
  static Forgery neverStable(Recording run) {
    OpenTransaction open = on(run);
    return Forgery.of(
        "at the end, a transaction is open on %s-%d".formatted(open.topic(), open.partition()),
        Expected.fail(
                OpenTransactionsCheck.NAME,
                Set.of("never-stable"),
                "producer " + PRODUCER,
                "%s-%d up to offset %d only, and its log ends at %d"
                    .formatted(open.topic(), open.partition(), STABLE_END, END))
            .butNothingElse(),
        added(open, StableSample::last));
  }

  private static OpenTransaction on(Recording run) {
    if (run.lines(RunDirectory::transactions, StableSample.class).stream()
        .noneMatch(StableSample::last)) {
      throw new NoSuchElementException("nobody looked at the logs' ends when all was quiet");
    }
    return new OpenTransaction(
        run.app().streams().getFirst().topic(),
        0,
        END,
        STABLE_END,
        PRODUCER,
        FIRST,
        "somebody",
        TIMEOUT_MILLIS);
  }

  private static InLines<StableSample> added(OpenTransaction open, Predicate<StableSample> where) {
    return new InLines<>(
        RunDirectory::transactions,
        StableSample.class,
        sample ->
            List.of(
                where.test(sample)
                    ? new StableSample(
                        sample.at(), sample.partitions(), sample.last(), List.of(open))
                    : sample));
  }
}
