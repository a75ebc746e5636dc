package dev.gretchen.verifier.calibrate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gretchen.verifier.calibrate.Change.InLog;
import dev.gretchen.verifier.truth.LogRecord;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Entries of the audit topic that nobody told. The judge takes entries by the time that they name,
/// not by their place in the log, so they lie behind all others there.
final class AuditEntries {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private record Entry(long at, String worker, String json) {}

  private final Calm calm;
  private final List<Entry> entries = new ArrayList<>();

  AuditEntries(Calm calm) {
    this.calm = calm;
  }

  /// A worker says something of itself.
  ///
  /// @param after milliseconds
  void worker(long after, String worker, String event) {
    add(after, worker, object(after, worker, event));
  }

  /// It says something of the calm's task.
  void task(long after, String worker, String event, long generation) {
    add(after, worker, ofTask(after, worker, event, generation));
  }

  /// It runs the calm's task, having recovered some records.
  void recovered(long after, String worker, long generation, long records) {
    ObjectNode entry = ofTask(after, worker, "running", generation);
    entry.putObject("recovery").put("records", records);
    add(after, worker, entry);
  }

  private ObjectNode ofTask(long after, String worker, String event, long generation) {
    return object(after, worker, event)
        .put("topic", calm.task().topic())
        .put("partition", calm.task().partition())
        .put("generation", generation);
  }

  private ObjectNode object(long after, String worker, String event) {
    return JSON.createObjectNode()
        .put("at", calm.at() + after)
        .put("worker", worker)
        .put("incarnation", worker)
        .put("event", event);
  }

  private void add(long after, String worker, ObjectNode entry) {
    entries.add(new Entry(calm.at() + after, worker, JSON.writeValueAsString(entry)));
  }

  /// Puts them behind the last entry of the topic's busiest partition.
  InLog behindAll(Recording run) {
    String topic = run.auditTopic();
    LogRecord last = run.last(topic, run.busiest(topic), _ -> true);
    List<LogRecord> with = new ArrayList<>(List.of(last));
    for (Entry entry : entries) {
      with.add(
          new LogRecord(
              last.partition(),
              last.offset() + with.size(),
              entry.at(),
              last.observedAt(),
              entry.worker().getBytes(UTF_8),
              entry.json().getBytes(UTF_8),
              false,
              0,
              null));
    }
    return new InLog(
        topic,
        last.partition(),
        record -> record.offset() == last.offset() ? with : List.of(record));
  }
}
