package dev.gretchen.dashboards.live;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the page shows at a moment; it goes to the browser as JSON, field by field.
///
/// @param at epoch milliseconds
/// @param seconds since the page began
/// @param counts null for an app that counts nothing
/// @param fault the last thing that was done, null before the first
/// @param journey the word that is followed, null where none is
public record LiveView(
    long at,
    long seconds,
    String app,
    Load load,
    Flow flow,
    List<Worker> workers,
    List<Broker> brokers,
    List<Topic> topics,
    @Nullable Counts counts,
    @Nullable Fault fault,
    @Nullable Journey journey) {

  public LiveView {
    workers = List.copyOf(workers);
    brokers = List.copyOf(brokers);
    topics = List.copyOf(topics);
  }

  /// @param sent events so far
  /// @param rate that is asked for, events a second
  /// @param slow whether slow motion is on
  public record Load(long sent, double rate, boolean slow) {}

  /// Over the last seconds.
  ///
  /// @param in accepted events a second
  /// @param out outputs a second
  /// @param lag events that were seen in the input and not yet in the output
  /// @param p50 milliseconds from the one to the other, -1 where nothing came
  public record Flow(double in, double out, long lag, long p50, long p99) {}

  /// @param standing `running`, `recovering`, `starting`, `paused` or `down`
  /// @param colour as in the timeline, such as `#0072b2`
  /// @param dotted whether another worker has the same colour without dots
  /// @param tasks that it owns
  /// @param standbys copies that it keeps for others
  public record Worker(
      String name, String standing, String colour, boolean dotted, int tasks, int standbys) {}

  public record Broker(int id, String standing) {}

  public record Topic(String name, List<Partition> partitions) {
    public Topic {
      partitions = List.copyOf(partitions);
    }
  }

  /// @param owner empty where nobody owns it
  /// @param state `running`, `recovering` or `orphaned`
  /// @param progress of a recovery, 0 to 1; -1 where it is not known
  /// @param standbys who keeps a copy
  public record Partition(
      int number, String owner, String state, double progress, List<String> standbys) {
    public Partition {
      standbys = List.copyOf(standbys);
    }
  }

  /// The counts beside the truth.
  ///
  /// @param truth events in the input log that must be counted
  /// @param counted as the last committed outputs say
  /// @param difference between both, over all words
  /// @param settled words whose count is the truth's, and of the very same events
  /// @param wrong words whose count is the truth's, but not of the same events
  /// @param words how many there are
  /// @param rows those that differ most
  public record Counts(
      long truth,
      long counted,
      long difference,
      int settled,
      int wrong,
      int words,
      List<Row> rows) {
    public Counts {
      rows = List.copyOf(rows);
    }
  }

  /// @param same whether both are of the very same events
  public record Row(String word, long truth, long counted, boolean same) {}

  /// What was done last.
  ///
  /// @param number as in the timeline
  /// @param phases milliseconds after it, by name, in the order in which they came
  /// @param silence longest time without an output, milliseconds, by whose
  public record Fault(
      int number,
      String kind,
      String target,
      boolean healed,
      Map<String, Long> phases,
      Map<String, Long> silence) {}

  /// An event on its way.
  public record Journey(String word, boolean accepted, boolean over, List<Step> steps) {
    public Journey {
      steps = List.copyOf(steps);
    }
  }

  /// @param millis after the word was typed
  /// @param worker whose doing it was, empty where nobody's
  public record Step(long millis, String what, String where, String worker) {}
}
