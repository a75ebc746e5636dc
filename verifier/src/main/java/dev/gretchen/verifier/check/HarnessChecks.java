package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.ServiceOrigin;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.Status;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// The small properties of a run as a whole: was the load offered, did the faults bite, did the app
/// drain.
public final class HarnessChecks {

  /// Least share of the planned load that must have been offered, in percent.
  public static final int OFFERED_PERCENT_MIN = 90;

  /// How long an app may take to catch up after the load has ended.
  public static final Duration DRAIN_MAX = Duration.ofMinutes(2);

  private HarnessChecks() {}

  /// `faults-proven`: each injected fault was seen to have an effect; where one was not, the run
  /// says less than it seems to, and the property is VACUOUS.
  public static Property faultsProven(List<FaultOutcome> faults) {
    String name = "faults-proven";
    if (faults.isEmpty()) {
      return Property.skipped(name, Section.PLATFORM, "no fault was injected");
    }
    List<FaultOutcome> idle = faults.stream().filter(fault -> !fault.proven()).toList();
    if (!idle.isEmpty()) {
      FaultOutcome first = idle.getFirst();
      String sentence =
          idle.size()
              + " of "
              + faults.size()
              + " faults had no proven effect; the first is "
              + first.kind()
              + " of "
              + first.target()
              + ": "
              + first.proof();
      return new Property(
          name, Section.PLATFORM, Status.VACUOUS, faults.size(), sentence, List.of(), 0);
    }
    return Property.of(
        name,
        Section.PLATFORM,
        faults.size(),
        "Each of " + faults.size() + " faults was seen to take effect.",
        List.of(),
        0);
  }

  /// `load-offered`: the harness kept up with its own plan; where it did not, the run decides
  /// nothing about the app and the property is UNKNOWN.
  public static Property loadOffered(long planned, long sent, long lengthMillis, long tookMillis) {
    double share = 100.0 * sent / planned;
    double pace = tookMillis <= 0 ? 100 : 100.0 * lengthMillis / tookMillis;
    double achieved = Math.min(share, share * pace / 100);
    String detail =
        String.format(
            Locale.ROOT,
            "%,d of %,d planned events were offered in %.1f s instead of %.1f s.",
            sent,
            planned,
            tookMillis / 1000.0,
            lengthMillis / 1000.0);
    String name = "load-offered";
    return achieved >= OFFERED_PERCENT_MIN
        ? Property.of(name, Section.PLATFORM, sent, detail, List.of(), 0)
        : Property.unknown(name, Section.PLATFORM, sent, detail);
  }

  /// `services-real`: what the app called were real servers; where one was a stand-in, the property
  /// is SKIPPED and names it, which says less but is no fault of the app.
  public static Property servicesReal(List<ServiceOrigin> origins) {
    String name = "services-real";
    List<String> standIns =
        origins.stream()
            .filter(origin -> !origin.real())
            .map(origin -> origin.service() + " was " + origin.what())
            .toList();
    return standIns.isEmpty()
        ? Property.of(
            name,
            Section.PLATFORM,
            origins.size(),
            "All " + origins.size() + " services were real servers.",
            List.of(),
            0)
        : Property.skipped(name, Section.PLATFORM, String.join("; ", standIns));
  }

  /// `drain`: after the load's end the app caught up in time.
  ///
  /// @param drainedAt epoch milliseconds, 0 where it never did
  public static Property drain(long loadEnd, long drainedAt, long events) {
    String name = "drain";
    if (drainedAt <= 0) {
      Anomaly never =
          new Anomaly(
              "never-drained", "The app did not catch up after the load had ended.", List.of());
      return Property.of(name, Section.LIVENESS, events, "", List.of(never), 1);
    }
    long took = Math.max(0, drainedAt - loadEnd);
    String detail = "The app caught up " + took + " ms after the last event was sent.";
    List<Anomaly> anomalies =
        took <= DRAIN_MAX.toMillis()
            ? List.of()
            : List.of(
                new Anomaly(
                    "slow-drain",
                    detail + " The limit is " + DRAIN_MAX.toMillis() + " ms.",
                    List.of(),
                    drainedAt));
    return Property.of(name, Section.LIVENESS, events, detail, anomalies, anomalies.size());
  }
}
