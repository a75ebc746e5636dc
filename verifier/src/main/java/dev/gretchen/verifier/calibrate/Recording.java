package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.AppDescriptor.Stream;
import dev.gretchen.verifier.contract.AppDescriptor.Table;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.StreamKind;
import dev.gretchen.verifier.contract.TableKind;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.history.JsonLines;
import dev.gretchen.verifier.history.LogReader;
import dev.gretchen.verifier.history.ObservedLog;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.history.StoreLine;
import dev.gretchen.verifier.judge.RunFacts;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.PartitionedLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/// A recorded run, and where in it a forger may set his knife. Logs are streamed; what is looked
/// for and not there is a [NoSuchElementException], and the forgery does not apply.
final class Recording {

  private final RunDirectory run;
  private final AppDescriptor app;
  private final LoadPlan plan;
  private final Map<String, Integer> busiest = new HashMap<>();
  private final Map<String, Long> sizes = new HashMap<>();

  Recording(Path directory) {
    this.run = new RunDirectory(directory);
    this.app = AppDescriptor.read(run.descriptor());
    this.plan = new LoadPlan(RunFacts.read(run).shape(), app.offer().load());
  }

  RunDirectory run() {
    return run;
  }

  AppDescriptor app() {
    return app;
  }

  LoadPlan plan() {
    return plan;
  }

  /// The first stream of a kind.
  Stream stream(StreamKind kind) {
    return app.streams().stream().filter(s -> s.kind() == kind).findFirst().orElseThrow();
  }

  /// The last stream that owes something for each event.
  Stream lastSteadyStream() {
    return app.streams().stream()
        .filter(s -> s.kind().isSteady())
        .reduce((_, later) -> later)
        .orElseThrow();
  }

  /// The first table of a kind.
  Table table(TableKind kind) {
    return app.tables().stream().filter(t -> t.kind() == kind).findFirst().orElseThrow();
  }

  PartitionedLog log(String topic) {
    return new ObservedLog(run, topic);
  }

  /// The partition that holds most records.
  int busiest(String topic) {
    return busiest.computeIfAbsent(
        topic,
        name -> {
          PartitionedLog log = log(name);
          int best = 0;
          long most = -1;
          for (int p = 0; p < log.partitions(); p++) {
            long size = 0;
            for (Iterator<LogRecord> records = log.records(p); records.hasNext(); ) {
              records.next();
              size++;
            }
            sizes.put(name + " " + p, size);
            if (size > most) {
              most = size;
              best = p;
            }
          }
          return best;
        });
  }

  /// The first record in the second half of the busiest partition that fits.
  LogRecord middle(String topic, Predicate<LogRecord> fits) {
    int p = busiest(topic);
    long half = sizes.getOrDefault(topic + " " + p, 0L) / 2;
    long seen = 0;
    for (Iterator<LogRecord> records = log(topic).records(p); records.hasNext(); ) {
      LogRecord record = records.next();
      if (seen++ >= half && fits.test(record)) {
        return record;
      }
    }
    throw new NoSuchElementException("no such record in " + topic);
  }

  /// The first record behind another one in its partition that fits.
  LogRecord next(String topic, LogRecord after, Predicate<LogRecord> fits) {
    for (Iterator<LogRecord> records = log(topic).records(after.partition()); records.hasNext(); ) {
      LogRecord record = records.next();
      if (record.offset() > after.offset() && fits.test(record)) {
        return record;
      }
    }
    throw new NoSuchElementException("no later record in " + topic);
  }

  /// The first record, in the second half of the busiest partition or from some partition's
  /// beginning, that fits together with the one behind it.
  LogRecord beforeNext(String topic, int partition, BiPredicate<LogRecord, LogRecord> fits) {
    long half =
        partition == busiest(topic) ? sizes.getOrDefault(topic + " " + partition, 0L) / 2 : 0;
    long seen = 0;
    LogRecord before = null;
    for (Iterator<LogRecord> records = log(topic).records(partition); records.hasNext(); ) {
      LogRecord record = records.next();
      if (before != null && seen > half && fits.test(before, record)) {
        return before;
      }
      before = record;
      seen++;
    }
    throw new NoSuchElementException("no such pair in " + topic);
  }

  /// A record behind which an offset is free, because a marker of a transaction lies there.
  LogRecord beforeGap(String topic, Predicate<LogRecord> fits) {
    return beforeNext(
        topic,
        busiest(topic),
        (record, next) -> next.offset() > record.offset() + 1 && fits.test(record));
  }

  /// The last record of a partition that fits.
  LogRecord last(String topic, int partition, Predicate<LogRecord> fits) {
    LogRecord last = null;
    for (Iterator<LogRecord> records = log(topic).records(partition); records.hasNext(); ) {
      LogRecord record = records.next();
      last = fits.test(record) ? record : last;
    }
    return Optional.ofNullable(last).orElseThrow();
  }

  /// How many records of a partition up to an offset fit.
  long count(String topic, LogRecord upTo, Predicate<LogRecord> fits) {
    long count = 0;
    for (Iterator<LogRecord> records = log(topic).records(upTo.partition()); records.hasNext(); ) {
      LogRecord record = records.next();
      if (record.offset() > upTo.offset()) {
        break;
      }
      count += fits.test(record) ? 1 : 0;
    }
    return count;
  }

  /// What workers told of their stores, last word of each.
  List<StoreLine> stores(Predicate<StoreLine> fits) {
    Map<String, StoreLine> last = new HashMap<>();
    for (Iterator<StoreLine> lines = JsonLines.read(run.stores(), StoreLine.class);
        lines.hasNext(); ) {
      StoreLine line = lines.next();
      last.put(line.table() + " " + line.partition() + " " + line.worker(), line);
    }
    return last.values().stream().filter(fits).toList();
  }

  /// The owner of a table partition when all was quiet.
  StoreLine owner(String table, int partition) {
    return stores(line ->
            line.table().equals(table)
                && line.partition() == partition
                && line.role().equals("active"))
        .stream()
        .findFirst()
        .orElseThrow();
  }

  /// What a worker told of its store's content.
  List<LogRecord> entries(StoreLine store) {
    List<LogRecord> entries = new ArrayList<>();
    Path file = run.storeEntries(store.table(), store.partition(), store.worker());
    new LogReader(file, store.partition()).forEachRemaining(entries::add);
    return entries;
  }

  /// The entries of a file of the history with a line for each.
  ///
  /// @param file where it is in a run's directory
  <T extends Record> List<T> lines(Function<RunDirectory, Path> file, Class<T> type) {
    List<T> lines = new ArrayList<>();
    JsonLines.read(file.apply(run), type).forEachRemaining(lines::add);
    if (lines.isEmpty()) {
      throw new NoSuchElementException(file.apply(run) + " has no entry");
    }
    return lines;
  }

  /// The samples of one topic's offsets.
  List<OffsetSample> offsets(Predicate<OffsetSample> fits) {
    List<OffsetSample> samples = new ArrayList<>();
    JsonLines.read(run.offsets(), OffsetSample.class)
        .forEachRemaining(sample -> {
          if (fits.test(sample)) {
            samples.add(sample);
          }
        });
    return samples;
  }

  /// The topic to which workers tell what they own.
  String auditTopic() {
    return Optional.ofNullable(app.auditTopic())
        .orElseThrow(() -> new NoSuchElementException("the app has no audit topic"));
  }

  /// What workers told of what they own, by time.
  List<AuditEvent> audit() {
    List<AuditEvent> events = new ArrayList<>();
    PartitionedLog log = log(auditTopic());
    for (int p = 0; p < log.partitions(); p++) {
      for (Iterator<LogRecord> records = log.records(p); records.hasNext(); ) {
        AuditEvent event = AuditEvent.decode(records.next().value());
        if (event != null && !event.worker().equals(RunFacts.TRAINING_WORKER)) {
          events.add(event);
        }
      }
    }
    events.sort(Comparator.comparingLong(AuditEvent::at));
    return events;
  }

  /// The faults that were injected.
  List<FaultLine> faults() {
    List<FaultLine> faults = new ArrayList<>();
    JsonLines.read(run.faults(), FaultLine.class).forEachRemaining(faults::add);
    faults.removeIf(fault -> fault.skipped() != null);
    return faults;
  }

  /// An event's name as the judge's sentences have it.
  String event(long id) {
    return "event #" + plan.indexOf(id) + " ";
  }
}
