package dev.gretchen.engine.internal.commit;

import dev.gretchen.engine.internal.observe.Lineage;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.task.Output;
import dev.gretchen.engine.internal.task.StagedChange;
import dev.gretchen.engine.internal.task.TaskEpoch;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.topology.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Turns an epoch into records, in the order in which they are sent.
public final class EpochRecords {

  private final Topology topology;
  private final Lineage lineage;

  /// Table -> the topic that its changes are published to.
  private final Map<String, String> published = new HashMap<>();

  public EpochRecords(Topology topology, Lineage lineage) {
    this.topology = topology;
    this.lineage = lineage;
    for (List<TableSpec> tables : topology.tablesByTopic().values()) {
      for (TableSpec table : tables) {
        if (table.publishedTo() != null) {
          published.put(table.name(), table.publishedTo());
        }
      }
    }
  }

  /// Where a record comes from, to name the event if the brokers refuse it.
  public record Origin(TaskEpoch part, long sourceOffset) {}

  /// The outputs, task by task: what its events sent, in the order of the sends, then the changes
  /// of tables that are published. An event whose producer gave it no timestamp hands on none.
  public void outputs(
      Epoch epoch, int generation, BiConsumer<ProducerRecord<byte[], byte[]>, Origin> sink) {
    for (TaskEpoch part : epoch.parts()) {
      Lineage.Stamp stamp = lineage.stamp(part.task().id(), generation, epoch.number());
      for (Output output : part.outputs()) {
        Headers headers = new RecordHeaders(output.headers());
        headers.add(Lineage.HEADER, stamp.of(output.sourceOffset(), output.sourceOffset()));
        Integer partition = output.partition() < 0 ? null : output.partition();
        sink.accept(
            new ProducerRecord<>(
                output.topic(),
                partition,
                output.timestamp() < 0 ? null : output.timestamp(),
                output.key(),
                output.value(),
                headers),
            new Origin(part, output.sourceOffset()));
      }
      for (Map.Entry<String, List<StagedChange>> table : part.changes().entrySet()) {
        String topic = published.get(table.getKey());
        if (topic != null) {
          publish(topic, table.getValue(), part, stamp, sink);
        }
      }
    }
  }

  /// The last value of each key, under the key as the table's codec writes it.
  private static void publish(
      String topic,
      List<StagedChange> changes,
      TaskEpoch part,
      Lineage.Stamp stamp,
      BiConsumer<ProducerRecord<byte[], byte[]>, Origin> sink) {
    changes.forEach(change -> {
      Header from = lineage(stamp, change);
      Header id = change.eventId();
      List<Header> headers = id == null ? List.of(from) : List.of(id, from);
      sink.accept(
          new ProducerRecord<>(
              topic,
              null,
              change.timestamp() < 0 ? null : change.timestamp(),
              StoreKeys.untagged(change.key()),
              change.value(),
              headers),
          new Origin(part, change.lastOffset()));
    });
  }

  private static Header lineage(Lineage.Stamp stamp, StagedChange change) {
    return new RecordHeader(Lineage.HEADER, stamp.of(change.firstOffset(), change.lastOffset()));
  }

  /// The changelog records: one per key.
  public void changelogs(
      Epoch epoch, int generation, BiConsumer<ProducerRecord<byte[], byte[]>, Origin> sink) {
    for (TaskEpoch part : epoch.parts()) {
      Lineage.Stamp stamp = lineage.stamp(part.task().id(), generation, epoch.number());
      for (Map.Entry<String, List<StagedChange>> table : part.changes().entrySet()) {
        String changelog = topology.changelog(table.getKey());
        table
            .getValue()
            .forEach(change -> {
              List<Header> headers = List.of(lineage(stamp, change));
              sink.accept(
                  new ProducerRecord<>(
                      changelog,
                      part.task().id().partition(),
                      null,
                      change.key().bytes(),
                      change.value(),
                      headers),
                  new Origin(part, change.lastOffset()));
            });
      }
    }
  }
}
