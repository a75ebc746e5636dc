package dev.gretchen.mutants.simulated;

import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.simulation.Engines;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/// Engines that use their Kafka clients wrongly.
final class ClientMutants {

  private static final Duration GIVES_UP_AFTER = Duration.ofMillis(2);

  private ClientMutants() {}

  /// After a rebalance a partition is read on from where this worker had been, not from the
  /// committed offset.
  static Engines resumesWhereItWas() {
    return new Engines(
        UnaryOperator.identity(),
        OtherClients.groupConsumers((_, _) -> {
          Map<TopicPartition, Long> positions = new HashMap<>();
          return (method, arguments, onwards) -> {
            if (method.equals("seek") && arguments[1] instanceof Long offset && offset > 0) {
              arguments[1] =
                  Math.max(offset, positions.getOrDefault((TopicPartition) arguments[0], 0L));
            }
            Object result = onwards.call();
            if (result instanceof ConsumerRecords<?, ?> records) {
              records
                  .nextOffsets()
                  .forEach((partition, next) -> positions.put(partition, next.offset()));
            }
            return result;
          };
        }));
  }

  /// One changelog record of each transaction is kept back, and written behind those of the next.
  static Engines changelogReordered() {
    return new Engines(
        UnaryOperator.identity(),
        OtherClients.committers((producer, _) -> {
          ArrayDeque<ProducerRecord<byte[], byte[]>> keptBack = new ArrayDeque<>();
          int[] inTransaction = {0};
          return (method, arguments, onwards) -> {
            switch (method) {
              case "beginTransaction" -> inTransaction[0] = 0;
              case "send" -> {
                ProducerRecord<byte[], byte[]> record = record(arguments);
                if (isChangelog(record) && inTransaction[0]++ == 0) {
                  keptBack.add(record);
                  return CompletableFuture.completedFuture(null);
                }
              }
              case "flush" -> {
                if (keptBack.size() > 1) {
                  producer.send(keptBack.remove());
                }
              }
              default -> {
                // as it is
              }
            }
            return onwards.call();
          };
        }));
  }

  /// Changelogs are written outside the transaction, which does not wait for them.
  static Engines changelogUnacknowledged() {
    return new Engines(UnaryOperator.identity(), changelogOutside(GIVES_UP_AFTER));
  }

  /// Changelogs are written outside the transaction, before it ends.
  static Engines changelogOutside() {
    return new Engines(UnaryOperator.identity(), changelogOutside(Duration.ofSeconds(5)));
  }

  private static UnaryOperator<Surroundings> changelogOutside(Duration waits) {
    return inner ->
        OtherClients.committers(
                (_, configuration) -> {
                  Map<String, Object> plain = new HashMap<>(configuration);
                  plain.remove("transactional.id");
                  plain.remove("transaction.timeout.ms");
                  Producer<byte[], byte[]> outside = inner.kafka().producer(plain);
                  Monitor monitor = inner.monitor();
                  int[] open = {0};
                  return (method, arguments, onwards) -> {
                    switch (method) {
                      case "send" -> {
                        ProducerRecord<byte[], byte[]> record = record(arguments);
                        if (isChangelog(record)) {
                          open[0]++;
                          Callback callback = (Callback) arguments[1];
                          return outside.send(
                              record,
                              (metadata, failure) -> {
                                open[0]--;
                                callback.onCompletion(metadata, failure);
                                monitor.signal();
                              });
                        }
                      }
                      case "flush" -> monitor.await(() -> open[0] == 0, waits);
                      default -> {
                        // as it is
                      }
                    }
                    return onwards.call();
                  };
                })
            .apply(inner);
  }

  /// An output that was sent once is not sent again, whether or not it was ever committed.
  static Engines outputOnlyIfNew() {
    Set<String> sent = new HashSet<>();
    return new Engines(
        UnaryOperator.identity(),
        OtherClients.committers((_, _) ->
            (method, arguments, onwards) -> {
              if (method.equals("send")) {
                ProducerRecord<byte[], byte[]> record = record(arguments);
                Header id = record.headers().lastHeader("event-id");
                if (!isChangelog(record)
                    && id != null
                    && !sent.add(record.topic() + Arrays.toString(id.value()))) {
                  return CompletableFuture.completedFuture(null);
                }
              }
              return onwards.call();
            }));
  }

  /// Offsets are committed under whatever the group says of this worker now, not under what it said
  /// when the partitions were confirmed.
  static Engines freshMetadata() {
    Map<String, ConsumerGroupMetadata> members = new HashMap<>();
    UnaryOperator<Surroundings> known =
        OtherClients.groupConsumers((consumer, configuration) ->
            (method, _, onwards) -> {
              Object result = onwards.call();
              if (method.equals("poll")) {
                members.put(OtherClients.clientId(configuration), consumer.groupMetadata());
              }
              return result;
            });
    UnaryOperator<Surroundings> asked =
        OtherClients.committers((_, configuration) -> {
          String client = OtherClients.clientId(configuration).replace("-commit", "");
          return (method, arguments, onwards) -> {
            ConsumerGroupMetadata newest = members.get(client);
            if (method.equals("sendOffsetsToTransaction") && newest != null) {
              arguments[1] = newest;
            }
            return onwards.call();
          };
        });
    return new Engines(UnaryOperator.identity(), inner -> asked.apply(known.apply(inner)));
  }

  /// Offsets are committed as by one who never joined, whom brokers do not fence.
  static Engines unjoinedMetadata() {
    return new Engines(
        UnaryOperator.identity(),
        OtherClients.committers((_, _) ->
            (method, arguments, onwards) -> {
              if (method.equals("sendOffsetsToTransaction")) {
                arguments[1] = unjoined((ConsumerGroupMetadata) arguments[1]);
              }
              return onwards.call();
            }));
  }

  @SuppressWarnings("removal") // the clients themselves have no other way to make one
  private static ConsumerGroupMetadata unjoined(ConsumerGroupMetadata member) {
    return new ConsumerGroupMetadata(member.groupId());
  }

  @SuppressWarnings("unchecked") // clients here have bytes throughout
  private static ProducerRecord<byte[], byte[]> record(Object[] arguments) {
    return (ProducerRecord<byte[], byte[]>) arguments[0];
  }

  private static boolean isChangelog(ProducerRecord<byte[], byte[]> record) {
    return record.topic().endsWith("-changelog");
  }
}
