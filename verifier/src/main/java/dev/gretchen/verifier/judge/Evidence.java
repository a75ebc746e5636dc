package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.check.Moment;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.history.AckReader;
import dev.gretchen.verifier.history.ExitLine;
import dev.gretchen.verifier.history.FaultLine;
import dev.gretchen.verifier.history.JsonLines;
import dev.gretchen.verifier.history.LogReader;
import dev.gretchen.verifier.history.ObservedLog;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.history.StoreLine;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.truth.History;
import dev.gretchen.verifier.truth.JoinedLog;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Mail;
import dev.gretchen.verifier.truth.MemorySample;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.ServiceCall;
import dev.gretchen.verifier.truth.ServiceOrigin;
import dev.gretchen.verifier.truth.StableSample;
import dev.gretchen.verifier.truth.StoreSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// What a run directory holds, opened for the checkers; logs are streamed, the rest is small.
final class Evidence implements History {

  /// Kills nobody, and takes all from a worker without a chance to finish.
  private static final Set<String> EVICTING =
      Set.of("evicting-pause", "transaction-pause", "cut-worker", "paused-behind-cut");

  private final RunDirectory run;
  private final List<DeletedRange> deleted;
  private final Map<String, PartitionedLog> logs = new HashMap<>();

  Evidence(RunDirectory run) {
    this.run = run;
    this.deleted = DeletedRange.of(faults());
  }

  /// What of a topic an app can be asked for.
  @Override
  public PartitionedLog log(String topic) {
    return logs.computeIfAbsent(
        topic, name -> DeletedRange.without(deleted, new ObservedLog(run, name)));
  }

  @Override
  public Iterator<Ack> acks(int partition) {
    Path file = run.acks(partition);
    return Files.exists(file) ? new AckReader(file) : Collections.emptyIterator();
  }

  @Override
  public Iterator<OffsetSample> offsets() {
    return JsonLines.read(run.offsets(), OffsetSample.class);
  }

  @Override
  public Iterator<ServiceCall> calls() {
    return JsonLines.read(run.calls(), ServiceCall.class);
  }

  @Override
  public Iterator<Mail> mails() {
    return JsonLines.read(run.mails(), Mail.class);
  }

  /// How far committed readers could read, in the order of time.
  Iterator<StableSample> transactions() {
    return JsonLines.read(run.transactions(), StableSample.class);
  }

  /// What workers' processes had resident, in the order of time.
  Iterator<MemorySample> memory() {
    return JsonLines.read(run.memory(), MemorySample.class);
  }

  /// The logs of the topics that take the load, as one, whole: what of them was deleted later too.
  PartitionedLog inputs(AppDescriptor app) {
    List<PartitionedLog> inputs =
        app.inputs().stream().<PartitionedLog>map(topic -> new ObservedLog(run, topic)).toList();
    return inputs.size() == 1 ? inputs.getFirst() : new JoinedLog(inputs);
  }

  @Override
  public List<StoreSnapshot> stores() {
    Map<String, StoreSnapshot> last = new HashMap<>();
    for (Iterator<StoreLine> lines = JsonLines.read(run.stores(), StoreLine.class);
        lines.hasNext(); ) {
      StoreLine line = lines.next();
      last.put(line.table() + " " + line.partition() + " " + line.worker(), snapshot(line));
    }
    return last.values().stream()
        .sorted(
            Comparator.comparing(StoreSnapshot::table)
                .thenComparingInt(StoreSnapshot::partition)
                .thenComparing(StoreSnapshot::worker))
        .toList();
  }

  private StoreSnapshot snapshot(StoreLine line) {
    Path entries = run.storeEntries(line.table(), line.partition(), line.worker());
    Supplier<Iterator<LogRecord>> reader =
        () ->
            Files.exists(entries)
                ? new LogReader(entries, line.partition())
                : Collections.emptyIterator();
    return new StoreSnapshot(
        line.table(),
        line.partition(),
        line.worker(),
        line.role(),
        line.state(),
        line.records(),
        Hex16.parse(line.checksum()),
        line.position(),
        reader);
  }

  /// The audit topic's entries by time; none where the app has no such topic.
  List<AuditEvent> audit(AppDescriptor app) {
    return OutsideTrial.audit(app, this, WrongClock.of(faults()));
  }

  List<ServiceOrigin> services() {
    List<ServiceOrigin> origins = new ArrayList<>();
    JsonLines.read(run.services(), ServiceOrigin.class).forEachRemaining(origins::add);
    return origins;
  }

  List<FaultLine> faults() {
    List<FaultLine> faults = new ArrayList<>();
    JsonLines.read(run.faults(), FaultLine.class).forEachRemaining(faults::add);
    return faults;
  }

  /// Workers that ended by themselves, which is no fault of ours, and ends what they owned.
  List<Moment> exits() {
    List<Moment> exits = new ArrayList<>();
    JsonLines.read(run.exits(), ExitLine.class)
        .forEachRemaining(exit -> exits.add(new Moment("exit", exit.worker(), exit.at(), 0, true)));
    return exits;
  }

  static Moment moment(FaultLine fault) {
    boolean ends = fault.sigkills() > 0 || EVICTING.contains(fault.kind());
    return new Moment(fault.kind(), fault.target(), fault.at(), fault.healedAt(), ends);
  }

  /// A hash of the fault plan's bytes, hex16.
  String planHash() {
    try {
      byte[] plan = Files.exists(run.plan()) ? Files.readAllBytes(run.plan()) : new byte[0];
      return Hex16.of(Mix.fnv1a(plan));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + run.plan(), e);
    }
  }
}
