package dev.gretchen.serve.internal.record;

import dev.gretchen.verifier.judge.RunFacts;
import dev.gretchen.verifier.record.FaultFigures;
import dev.gretchen.verifier.record.Percentiles;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.ServiceLevel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Two runs beside each other. Pure.
///
/// @param lines in the order in which a person asks: what was asked, how it ended, how well it went
public record Comparison(RunEntry first, RunEntry second, List<Line> lines) {

  private static final String ABSENT = "-";
  private static final long SECOND = 1_000;
  private static final double PERCENT = 100;
  private static final double TENTH = 0.1;
  private static final long MEBIBYTE = 1 << 20;

  public Comparison {
    lines = List.copyOf(lines);
  }

  /// What a line is about.
  public enum Part {
    ASKED("What was asked"),
    ENDED("How it ended"),
    SERVICE("Service"),
    TAKEOVERS("Takeovers, by kind of fault"),
    PROPERTIES("Properties");

    private final String title;

    Part(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  /// One thing of both.
  ///
  /// @param first in words, `-` where the first run has none
  /// @param second in words, `-` where the second run has none
  /// @param ratio the second value to the first; null where they are no numbers, or the first is 0
  /// @param differs whether the two say different things; what was measured differs by a tenth or
  ///   more, a share also where what it lacks does
  public record Line(
      Part part,
      String name,
      String first,
      String second,
      @Nullable Double ratio,
      boolean differs) {}

  /// Of two runs.
  public static Comparison of(RecordedRun first, RecordedRun second) {
    Side a = new Side(first);
    Side b = new Side(second);
    a.fill();
    b.fill();
    Map<Key, Pair> pairs = new LinkedHashMap<>();
    a.values.forEach((key, value) -> pairs.put(key, new Pair(value, null)));
    b.values.forEach((key, value) -> pairs.merge(key, new Pair(null, value), Pair::and));
    List<Line> lines = new ArrayList<>();
    for (Part part : Part.values()) {
      pairs.forEach((key, pair) -> {
        if (key.part == part) {
          lines.add(pair.line(key));
        }
      });
    }
    return new Comparison(first.entry(), second.entry(), lines);
  }

  private record Key(Part part, String name) {}

  /// How alike two values must be for nobody to look at them twice.
  private enum Likeness {
    EQUAL,
    CLOSE,
    CLOSE_AS_SHARES
  }

  /// @param number empty where it is none
  private record Value(String text, OptionalDouble number, Likeness likeness) {

    boolean isLike(Value other) {
      double a = number.orElse(0);
      double b = other.number.orElse(0);
      return switch (likeness) {
        case EQUAL -> text.equals(other.text);
        case CLOSE -> isClose(a, b);
        case CLOSE_AS_SHARES -> isClose(a, b) && isClose(PERCENT - a, PERCENT - b);
      };
    }

    private static boolean isClose(double a, double b) {
      return Math.abs(a - b) < TENTH * Math.max(a, b) || a == b;
    }
  }

  private record Pair(@Nullable Value first, @Nullable Value second) {

    Pair and(Pair other) {
      return new Pair(first, other.second);
    }

    Line line(Key key) {
      return new Line(
          key.part,
          key.name,
          first == null ? ABSENT : first.text,
          second == null ? ABSENT : second.text,
          ratio(),
          first == null || second == null || !first.isLike(second));
    }

    private @Nullable Double ratio() {
      if (first == null || second == null) {
        return null;
      }
      double base = first.number.orElse(0);
      return base == 0 || second.number.isEmpty() ? null : second.number.getAsDouble() / base;
    }
  }

  /// What one run says.
  private static final class Side {
    private final RecordedRun run;
    private final Map<Key, Value> values = new LinkedHashMap<>();

    Side(RecordedRun run) {
      this.run = run;
    }

    void fill() {
      asked();
      ended();
      service();
      takeovers();
      for (Property property : run.properties()) {
        word(Part.PROPERTIES, property.name(), property.status().name());
      }
    }

    private void asked() {
      RunFacts facts = run.facts();
      word(Part.ASKED, "app", facts.app());
      word(Part.ASKED, "commit", facts.commit().isEmpty() ? ABSENT : facts.commit());
      word(Part.ASKED, "seed", Long.toString(facts.seed()));
      word(Part.ASKED, "guarantee", facts.guarantee());
      word(Part.ASKED, "judged as", facts.judgeAs());
      word(
          Part.ASKED,
          "load",
          "%s/s for %s s"
              .formatted(number(Math.round(facts.rate())), number(facts.lengthMillis() / SECOND)));
      word(Part.ASKED, "partitions", Integer.toString(facts.partitions()));
      word(Part.ASKED, "palette", facts.palette());
      word(Part.ASKED, "command", String.join(" ", facts.command()));
    }

    private void ended() {
      RunEntry entry = run.entry();
      Outcome outcome = entry.outcome();
      word(Part.ENDED, "verdict", outcome == null ? "none" : outcome.name());
      count(Part.ENDED, "events", entry.events(), "");
      count(Part.ENDED, "faults proven", entry.faults(), "");
      count(Part.ENDED, "SIGKILLs", entry.sigkills(), "");
    }

    private void service() {
      RunEntry entry = run.entry();
      count(Part.SERVICE, "throughput", entry.figures().eventsPerSecond(), " events/s");
      long resident = entry.figures().residentMaxBytes();
      count(Part.SERVICE, "memory, most", resident < 0 ? resident : resident / MEBIBYTE, " MiB");
      run.verdict().stream()
          .flatMap(verdict -> verdict.service().stream())
          .filter(level -> level.stretch().equals(ServiceLevel.WHOLE))
          .filter(level -> level.partition() == ServiceLevel.ALL)
          .forEach(level -> {
            double up = level.availability() * PERCENT;
            put(
                new Key(Part.SERVICE, level.topic() + ", up"),
                new Value(
                    String.format(Locale.ROOT, "%.2f %%", up),
                    OptionalDouble.of(up),
                    Likeness.CLOSE_AS_SHARES));
            count(Part.SERVICE, level.topic() + ", latency p50", level.p50Millis(), " ms");
            count(Part.SERVICE, level.topic() + ", latency p99", level.p99Millis(), " ms");
            count(Part.SERVICE, level.topic() + ", latency most", level.maxMillis(), " ms");
          });
    }

    private void takeovers() {
      for (FaultFigures fault : FaultFigures.of(run.faults())) {
        count(Part.TAKEOVERS, fault.kind() + ", times", fault.times(), "");
        percentiles(fault.kind() + ", silence", fault.silence());
        percentiles(fault.kind() + ", first output", fault.firstOutput());
      }
    }

    private void percentiles(String name, Percentiles of) {
      if (of.count() > 0) {
        count(Part.TAKEOVERS, name + " p50", of.p50(), " ms");
        count(Part.TAKEOVERS, name + " p99", of.p99(), " ms");
      }
    }

    private void word(Part part, String name, String text) {
      put(new Key(part, name), new Value(text, OptionalDouble.empty(), Likeness.EQUAL));
    }

    /// What was not measured is left out.
    private void count(Part part, String name, long value, String unit) {
      if (value >= 0) {
        // what has no unit was counted, and not measured
        Likeness likeness = unit.isEmpty() ? Likeness.EQUAL : Likeness.CLOSE;
        put(
            new Key(part, name),
            new Value(number(value) + unit, OptionalDouble.of(value), likeness));
      }
    }

    private void put(Key key, Value value) {
      values.put(key, value);
    }

    private static String number(long value) {
      return String.format(Locale.ROOT, "%,d", value);
    }
  }
}
