package dev.gretchen.engine;

import dev.gretchen.engine.internal.outside.Following;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decodes what a follower reads.
///
/// @param <K> type of the key
/// @param <V> type of the value
record Reading<K, V>(Topic<K, V> topic, Follower<K, V> follower) implements Following.Reader {

  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

  @Override
  public void read(ConsumerRecords<byte[], byte[]> records) {
    List<Followed<K, V>> read = new ArrayList<>(records.count());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.key() == null || record.value() == null) {
        continue;
      }
      try {
        read.add(
            new Followed<>(
                record.partition(),
                record.offset(),
                topic.keys().decode(record.key()),
                topic.values().decode(record.value()),
                record.value()));
      } catch (RuntimeException undecodable) {
        LOG.atWarn()
            .addKeyValue("topic", topic.name())
            .addKeyValue("partition", record.partition())
            .addKeyValue("offset", record.offset())
            .addKeyValue("cause", undecodable.toString())
            .log("followed record cannot be decoded, left out");
      }
    }
    if (!read.isEmpty()) {
      follower.read(read);
    }
  }

  @Override
  public void caughtUp() {
    follower.caughtUp();
  }
}
