package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.StableSample;
import dev.gretchen.verifier.truth.StableSample.OpenTransaction;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Anomaly.Exhibit;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `transactions-end`: no transaction hangs. Committed readers cannot pass one that is open, so one
/// that nobody ends stops them for good, and no other property would see why.
///
/// None stays open for longer than its own time-out and [#SLACK], by when its coordinator must have
/// ended it, whatever has become of its producer; time in which a fault kept brokers from doing so,
/// and [#SETTLING] after it, does not count. So after each fault committed readers catch up within
/// a bound. And when all was quiet, they can read every log of the app to its end. Kinds:
/// `hanging-transaction`, once for each transaction and partition, and `never-stable`.
///
/// Samples lie seconds apart: what was open in one of them only has no age.
public final class OpenTransactionsCheck {

  /// The property's name.
  public static final String NAME = "transactions-end";

  /// How long beyond its time-out a transaction may be open: coordinators look now and then.
  public static final Duration SLACK = Duration.ofSeconds(30);

  /// How long after the healing of a fault of brokers they may be busy with themselves.
  public static final Duration SETTLING = Duration.ofSeconds(15);

  /// What Kafka's producers have by default, where nobody can say.
  private static final long TIMEOUT_MILLIS = 60_000;

  private record Which(String topic, int partition, long producerId, long firstOffset) {
    static Which of(OpenTransaction open) {
      return new Which(open.topic(), open.partition(), open.producerId(), open.firstOffset());
    }
  }

  private final Witness witness;
  private final Findings findings = new Findings();
  private final Map<Which, Long> since = new HashMap<>();
  private final Set<Which> accused = new HashSet<>();
  private boolean quiet;

  private OpenTransactionsCheck(Witness witness) {
    this.witness = witness;
  }

  /// Judges what was seen of the logs' ends.
  ///
  /// @param samples in the order of time
  public static Property check(Witness witness, Iterator<StableSample> samples) {
    OpenTransactionsCheck check = new OpenTransactionsCheck(witness);
    if (!samples.hasNext()) {
      return Property.skipped(
          NAME, Section.LIVENESS, "Nobody has looked at the ends of the logs in this run.");
    }
    samples.forEachRemaining(check::observe);
    Property property =
        check.findings.property(
            NAME,
            Section.LIVENESS,
            "No transaction was open for longer than its time-out, and at the end committed readers"
                + " could read every log to its end.");
    return check.quiet || check.findings.count() > 0
        ? property
        : Property.unknown(
            NAME,
            Section.LIVENESS,
            property.compared(),
            "The brokers did not say where the logs end when all was quiet.");
  }

  private void observe(StableSample sample) {
    findings.compared(sample.partitions());
    Set<Which> open = new HashSet<>();
    for (OpenTransaction transaction : sample.open()) {
      Which which = Which.of(transaction);
      open.add(which);
      long from = since.computeIfAbsent(which, _ -> sample.at());
      long age = sample.at() - from - hindered(from, sample.at());
      if (age > timeout(transaction) + SLACK.toMillis() && accused.add(which)) {
        hangs(transaction, sample.at(), sample.at() - from);
      }
      if (sample.last()) {
        neverStable(transaction, sample.at());
      }
    }
    since.keySet().retainAll(open);
    quiet |= sample.last();
  }

  private static long timeout(OpenTransaction open) {
    return open.timeoutMillis() < 0 ? TIMEOUT_MILLIS : open.timeoutMillis();
  }

  private long hindered(long from, long to) {
    return witness.faults().stream()
        .mapToLong(fault -> fault.hinderedBrokers(from, to, SETTLING.toMillis()))
        .sum();
  }

  private void hangs(OpenTransaction open, long at, long age) {
    findings.add(() ->
        new Anomaly(
            "hanging-transaction",
            "%s has been open on %s-%d from offset %d on for %d ms, and its time-out is %d ms%s."
                .formatted(
                    capital(who(open)),
                    open.topic(),
                    open.partition(),
                    open.firstOffset(),
                    age,
                    timeout(open),
                    witness.after(at)),
            List.of(exhibit(open, "nobody has ended it")),
            at));
  }

  private void neverStable(OpenTransaction open, long at) {
    findings.add(() ->
        new Anomaly(
            "never-stable",
            "When all was quiet, committed readers could read %s-%d up to offset %d only, and its log ends at %d: %s is open from offset %d on%s."
                .formatted(
                    open.topic(),
                    open.partition(),
                    open.stableEnd(),
                    open.end(),
                    who(open),
                    open.firstOffset(),
                    witness.after(at)),
            List.of(exhibit(open, "still open at the end")),
            at));
  }

  private static String who(OpenTransaction open) {
    if (open.producerId() < 0) {
      return "a transaction of which the brokers do not say whose it is";
    }
    String name = open.transactionalId().isEmpty() ? "" : " (" + open.transactionalId() + ")";
    return "the transaction of producer " + open.producerId() + name;
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static Exhibit exhibit(OpenTransaction open, String remark) {
    return new Exhibit(
        open.topic() + "-" + open.partition() + "@" + open.firstOffset(),
        "producer %d, last stable offset %d, end %d"
            .formatted(open.producerId(), open.stableEnd(), open.end()),
        remark);
  }
}
