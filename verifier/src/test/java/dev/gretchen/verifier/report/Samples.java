package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Latency;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Situation;
import dev.gretchen.verifier.verdict.SkippedFault;
import dev.gretchen.verifier.verdict.Timeline;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Hand-made verdicts and timelines, of which the realistic ones are also good to look at.
final class Samples {

  /// 2026-02-03 14:05:06 UTC
  static final long START = 1_770_127_506_000L;

  /// Everything that a renderer may be tripped by.
  static final String HOSTILE =
      "</td><script>alert('x')</script> & \"quoted\" `tick` $(id) | pipe\n\ttab\r\u0000\u001b[31m"
          + "\u202e\ud800 \ud83e\udd86 ]]> \\ end";

  static final Repro REPRO =
      Repro.exactly(
          List.of(
              "./gretchen",
              "verify",
              "--app",
              "word-colors",
              "--seed",
              "4711",
              "--for",
              "120s",
              "--rate",
              "1000",
              "--faults",
              "kill,ownership"));

  private static final String[] PHASES = Phases.KNOWN.toArray(String[]::new);

  private Samples() {}

  static Verdict verdict(
      Outcome outcome, String sentence, List<Property> properties, List<FaultOutcome> faults) {
    return new Verdict(
        Verdict.SCHEMA,
        outcome,
        sentence,
        4711,
        "word-colors",
        "exactly-once",
        "exactly-once",
        START,
        START + 131_400,
        118_342,
        "9f0a3c5577e1b204",
        "00c1d2e3f4051627",
        properties,
        faults,
        List.of(
            new SkippedFault("N6", "latency", "no netem in this kernel and no proxy configured"),
            new SkippedFault("P9", "oom-kill", "no memory cgroup delegated to this user")),
        List.of(
            new Latency("before", 19_880, 14, 38, 71),
            new Latency("during", 78_112, 19, 3_410, 6_230),
            new Latency("after", 20_350, 14, 41, 96)),
        service(),
        List.of(
            new Situation("aborted-records", 12, "before color-counts-3@17991"),
            new Situation("takeover", 9, "colors-3 went from w1 to w2"),
            new Situation("commit-refused", 0, "")),
        List.of());
  }

  /// One stream of two partitions, of which the second was down for a while.
  private static List<ServiceLevel> service() {
    String topic = "color-counts";
    return List.of(
        level(topic, ServiceLevel.ALL, "whole", 118_342, 250, 244, 5_870),
        level(topic, ServiceLevel.ALL, "before", 19_880, 42, 42, 71),
        level(topic, ServiceLevel.ALL, "during", 78_112, 166, 160, 5_870),
        level(topic, ServiceLevel.ALL, "after", 20_350, 42, 42, 96),
        level(topic, 0, "whole", 59_171, 125, 125, 640),
        level(topic, 1, "whole", 59_171, 125, 119, 5_870));
  }

  private static ServiceLevel level(
      String topic, int partition, String stretch, long events, long seconds, long up, long max) {
    return new ServiceLevel(
        topic,
        partition,
        stretch,
        events,
        seconds - up,
        events - 100 * (seconds - up),
        seconds,
        up,
        max,
        14,
        max / 2,
        max - 5,
        max);
  }

  static Verdict passing() {
    return verdict(
        Outcome.PASS,
        "Every one of 118,342 events was counted exactly once, through 10 faults, 6 of them kills.",
        passingProperties(),
        faults(10, 120_000, 3, new Random(7)).stream().map(Samples::proven).toList());
  }

  private static FaultOutcome proven(FaultOutcome f) {
    return new FaultOutcome(
        f.id(),
        f.kind(),
        f.target(),
        f.at(),
        f.healedAt(),
        true,
        f.sigkills(),
        f.proof(),
        f.phases(),
        f.silence());
  }

  static List<Property> passingProperties() {
    return List.of(
        pass(
            "output-exact:color-counts",
            Section.SAFETY,
            118_342,
            "Every update is the tally after its event, in order"),
        pass(
            "output-exact:accepted-colors",
            Section.SAFETY,
            118_342,
            "Every accepted event appears exactly once"),
        pass(
            "table-exact:color-total",
            Section.SAFETY,
            148,
            "Truth, changelog and stores agree on every key"),
        pass(
            "table-exact:color-per-minute",
            Section.SAFETY,
            444,
            "Truth, changelog and stores agree on every key and window"),
        pass(
            "changelog-prefix:color-total",
            Section.SAFETY,
            61_207,
            "Each changelog record is a prefix of its key’s log"),
        pass(
            "transaction-atomic",
            Section.SAFETY,
            2_411,
            "Outputs, changelogs and offsets of each transaction appear together"),
        pass(
            "drained-in-time",
            Section.LIVENESS,
            16,
            "All partitions were drained 4.1 s after the last event"),
        pass(
            "recovered-in-time",
            Section.LIVENESS,
            10,
            "The slowest takeover took 5.6 s of the 30 s allowed"),
        Property.skipped(
            "standby-prefix:color-total", Section.LIVENESS, "the app was started without standbys"),
        pass(
            "input-log-complete",
            Section.PLATFORM,
            118_342,
            "Each acknowledged event is in the log once"),
        pass("transaction-version", Section.PLATFORM, 3, "All brokers run transaction.version 2"));
  }

  static Verdict failing() {
    List<Property> properties = new ArrayList<>(passingProperties());
    List<Anomaly> anomalies = new ArrayList<>();
    for (String key : List.of("red", "rebeccapurple", "teal")) {
      anomalies.add(
          new Anomaly(
              "doubled",
              "Key `%s` of color-counts is 1 too high: event colors-3@18211 was counted by w2 in generation 14 (transaction 88) and again by w3 in generation 15 (transaction 3)."
                  .formatted(key),
              List.of(
                  new Anomaly.Exhibit(
                      "colors-3@18211", "%s, event 00f3c1d2a4b59687".formatted(key), "the event"),
                  new Anomaly.Exhibit(
                      "color-counts-3@17990",
                      "%s = 412, event 00f3c1d2a4b59687, by w2, generation 14, epoch 88"
                          .formatted(key),
                      "right"),
                  new Anomaly.Exhibit(
                      "color-counts-3@18004",
                      "%s = 413, event 00f3c1d2a4b59687, by w3, generation 15, epoch 3"
                          .formatted(key),
                      "the same event again"))));
    }
    properties.set(
        0, Property.of("output-exact:color-counts", Section.SAFETY, 118_342, "", anomalies, 17));
    return verdict(
        Outcome.FAIL,
        "color-counts counted 17 events twice after w2 was killed between its outputs and its commit at 46.1 s.",
        properties,
        faults(10, 120_000, 3, new Random(7)));
  }

  static Verdict hostile() {
    Anomaly anomaly =
        new Anomaly(HOSTILE, HOSTILE, List.of(new Anomaly.Exhibit(HOSTILE, HOSTILE, HOSTILE)));
    return new Verdict(
        Verdict.SCHEMA,
        Outcome.FAIL,
        HOSTILE,
        -1,
        HOSTILE,
        HOSTILE,
        HOSTILE,
        START,
        START + 1,
        0,
        HOSTILE,
        HOSTILE,
        List.of(
            Property.of(HOSTILE, Section.SAFETY, 3, HOSTILE, List.of(anomaly), 12),
            Property.unknown(HOSTILE + 2, Section.LIVENESS, 0, HOSTILE),
            Property.skipped(HOSTILE + 3, Section.PLATFORM, HOSTILE)),
        List.of(
            new FaultOutcome(
                HOSTILE,
                HOSTILE,
                HOSTILE,
                START,
                0,
                false,
                0,
                HOSTILE,
                Map.of(HOSTILE, 5L),
                Map.of(HOSTILE, 5L))),
        List.of(new SkippedFault(HOSTILE, HOSTILE, HOSTILE)),
        List.of(new Latency(HOSTILE, 1, 1, 1, 1)),
        List.of(new ServiceLevel(HOSTILE, -1, "whole", 1, 1, 0, 2, 1, 1, 1, 1, 1, 1)),
        List.of(new Situation(HOSTILE, 1, HOSTILE)),
        List.of(HOSTILE));
  }

  static Timeline hostileTimeline() {
    return new Timeline(
        START,
        START + 2_000,
        List.of(new Timeline.Series(HOSTILE, List.of(1L, 2L))),
        List.of(new Timeline.Tenure(HOSTILE, 0, HOSTILE, START, START + 900, false)),
        List.of(new Timeline.Mark(START + 500, HOSTILE)));
  }

  static Verdict vacuous() {
    return verdict(
        Outcome.VACUOUS,
        "Nothing was proven: no fault had an effect.",
        List.of(
            Property.of("output-exact:color-counts", Section.SAFETY, 0, "held", List.of(), 0),
            pass(
                "input-log-complete",
                Section.PLATFORM,
                10,
                "Each acknowledged event is in the log once")),
        List.of(
            new FaultOutcome(
                "P1",
                "kill-owner",
                "w1",
                START + 5_000,
                0,
                false,
                1,
                "pid 4711 was gone already",
                Map.of(),
                Map.of())));
  }

  static Verdict bare() {
    return new Verdict(
        Verdict.SCHEMA,
        Outcome.HARNESS_ERROR,
        "The broker could not be reached.",
        1,
        "app",
        "exactly-once",
        "exactly-once",
        0,
        0,
        0,
        "",
        "",
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of("broker 127.0.0.1:9092 refused the connection for 60 s"));
  }

  static Timeline emptyTimeline() {
    return new Timeline(0, 0, List.of(), List.of(), List.of());
  }

  static Property pass(String name, Section section, long compared, String held) {
    return Property.of(name, section, compared, held, List.of(), 0);
  }

  static List<FaultOutcome> faults(int n, long millis, int workers, Random random) {
    String[][] kinds = {
      {"P1", "kill-owner"},
      {"P2", "stop-gracefully"},
      {"P4", "kill-at-failpoint"},
      {"S2", "pause-long"},
      {"P6", "kill-all"},
      {"B1", "kill-broker"}
    };
    List<FaultOutcome> faults = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String[] kind = kinds[i % kinds.length];
      long at = START + millis / 6 + i * (millis * 2 / 3) / n + random.nextLong(millis / n / 2);
      String target =
          switch (kind[0]) {
            case "P6" -> "all workers";
            case "B1" -> "broker-" + (1 + random.nextInt(3));
            case "P4" -> "w" + (1 + random.nextInt(workers)) + " commit.after-sends";
            default -> "w" + (1 + random.nextInt(workers));
          };
      faults.add(
          new FaultOutcome(
              kind[0],
              kind[1],
              target,
              at,
              i % 4 == 3 ? 0 : at + 2_000 + random.nextLong(4_000),
              i != 8,
              kind[1].startsWith("kill") && !target.startsWith("broker") ? 1 : 0,
              i != 8 ? "pid " + (4000 + i) + " gone, member evicted" : "no member was evicted",
              phases(kind[0], random),
              silence(kind[0])));
    }
    return faults;
  }

  private static Map<String, Long> silence(String id) {
    return id.equals("P1") ? Map.of("owned", 1_210L, "others", 140L, "usual", 95L) : Map.of();
  }

  private static Map<String, Long> phases(String id, Random random) {
    Map<String, Long> phases = new LinkedHashMap<>();
    if (id.equals("B1")) {
      phases.put("caughtUp", 900 + random.nextLong(900));
      return phases;
    }
    long at = 0;
    for (String phase : PHASES) {
      at += 60 + random.nextLong(phase.equals("detected") && !id.equals("P2") ? 3_000 : 700);
      if (!(phase.equals("fenced") && id.equals("P2"))) {
        phases.put(phase, at);
      }
    }
    return phases;
  }

  /// A run with dips of the output, takeovers and gaps where the faults are.
  static Timeline timeline(
      Verdict verdict, int seconds, List<String> topics, int partitions, int workers, long rate) {
    long end = START + seconds * 1000L;
    Random random = new Random(11);
    List<Long> input = new ArrayList<>();
    List<Long> output = new ArrayList<>();
    List<Long> lag = new ArrayList<>();
    long behind = 0;
    for (int s = 0; s < seconds; s++) {
      long at = START + s * 1000L;
      boolean down = verdict.faults().stream().anyMatch(f -> at >= f.at() && at < f.at() + 3_000);
      long in = s < 4 ? rate * s / 4 : s > seconds - 10 ? 0 : rate + random.nextLong(rate / 8);
      long out = Math.min(behind + in, down ? rate / 3 : rate * 8 / 5);
      behind += in - out;
      input.add(in);
      output.add(out);
      lag.add(behind);
    }
    List<Timeline.Tenure> tenures = new ArrayList<>();
    for (String topic : topics) {
      for (int p = 0; p < partitions; p++) {
        tenures(tenures, verdict, topic, p, workers, end, random);
      }
    }
    return new Timeline(
        START - 2_000,
        end,
        List.of(series("input", input), series("output", output), series("lag", lag)),
        tenures,
        List.of());
  }

  private static Timeline.Series series(String name, List<Long> values) {
    List<Long> shifted = new ArrayList<>(List.of(0L, 0L));
    shifted.addAll(values);
    return new Timeline.Series(name, shifted);
  }

  private static void tenures(
      List<Timeline.Tenure> tenures,
      Verdict verdict,
      String topic,
      int p,
      int workers,
      long end,
      Random random) {
    int worker = p % workers;
    long from = START - 1_500 + random.nextLong(400);
    tenures.add(new Timeline.Tenure(topic, p, "w" + (worker + 1), from, from + 300, true));
    from += 300;
    for (FaultOutcome fault : verdict.faults()) {
      boolean all = fault.kind().equals("kill-all");
      if (!all && !fault.target().startsWith("w" + (worker + 1))) {
        continue;
      }
      long reassigned = fault.at() + fault.phases().getOrDefault("reassigned", 1_000L);
      long recovered = fault.at() + fault.phases().getOrDefault("recovered", 1_800L);
      if (fault.at() <= from || recovered >= end) {
        continue;
      }
      tenures.add(new Timeline.Tenure(topic, p, "w" + (worker + 1), from, fault.at(), false));
      worker = (worker + 1 + random.nextInt(Math.max(1, workers - 1))) % workers;
      tenures.add(new Timeline.Tenure(topic, p, "w" + (worker + 1), reassigned, recovered, true));
      from = recovered;
    }
    tenures.add(new Timeline.Tenure(topic, p, "w" + (worker + 1), from, end - 800, false));
  }

  static Timeline flagged(Timeline timeline, List<Timeline.Mark> marks) {
    return new Timeline(
        timeline.startMillis(),
        timeline.endMillis(),
        timeline.series(),
        timeline.ownership(),
        marks);
  }
}
