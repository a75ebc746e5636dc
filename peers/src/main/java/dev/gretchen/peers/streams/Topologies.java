package dev.gretchen.peers.streams;

import dev.gretchen.peers.contract.EventId;
import dev.gretchen.peers.contract.Palette;
import dev.gretchen.peers.contract.Tally;
import dev.gretchen.peers.contract.Windows;
import dev.gretchen.peers.worker.Program;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.Stores;

/// The programs in terms of Kafka Streams. Topics are those of the contract, event ids and
/// timestamps travel on as Kafka Streams passes headers on.
final class Topologies {

  private static final String WORDS = "words";
  private static final String COLORS = "colors";
  private static final String COUNTS = "color-counts";

  private Topologies() {}

  static Topology of(Program program, Palette palette) {
    StreamsBuilder builder = new StreamsBuilder();
    switch (program) {
      case WORD_COLORS -> wordColors(builder, palette);
      case COUNT -> count(builder);
      case COUNT_PUBLISHED ->
          count(builder)
              .toStream()
              .to(COUNTS, Produced.with(Serdes.String(), ContractSerdes.tally()));
    }
    return builder.build();
  }

  private static void wordColors(StreamsBuilder builder, Palette palette) {
    builder.stream(WORDS, Consumed.with(Serdes.ByteArray(), Serdes.String()))
        .filter((_, word) -> palette.contains(word))
        .selectKey((_, word) -> word)
        .to(COLORS, Produced.with(Serdes.String(), Serdes.String()));

    builder.addStateStore(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(CountColors.TOTAL),
                ContractSerdes.plainKey(),
                ContractSerdes.tally())
            .withCachingEnabled());
    builder.addStateStore(
        Stores.windowStoreBuilder(
                Stores.persistentWindowStore(
                    CountColors.MINUTE, Windows.RETENTION.plus(Windows.SIZE), Windows.SIZE, false),
                Serdes.String(),
                ContractSerdes.tally())
            .withCachingEnabled());
    colors(builder)
        .process(CountColors::new, CountColors.TOTAL, CountColors.MINUTE)
        .to(COUNTS, Produced.with(Serdes.String(), ContractSerdes.tally()));
  }

  /// With the record cache on, the table's changelog, and what is sent downstream, hold one change
  /// for each key and commit.
  private static KTable<String, Tally> count(StreamsBuilder builder) {
    return colors(builder)
        .processValues(EventIds::new)
        .groupByKey(Grouped.with(Serdes.String(), Serdes.Long()))
        .aggregate(
            Tally::zero,
            (_, id, tally) -> tally.plus(id),
            Materialized.<String, Tally>as(Stores.persistentKeyValueStore(CountColors.TOTAL))
                .withKeySerde(ContractSerdes.plainKey())
                .withValueSerde(ContractSerdes.tally())
                .withCachingEnabled());
  }

  private static KStream<String, String> colors(StreamsBuilder builder) {
    return builder.stream(COLORS, Consumed.with(Serdes.String(), Serdes.String()));
  }

  /// Puts the event's id in the place of its value: an aggregator sees no headers.
  private static final class EventIds extends ContextualFixedKeyProcessor<String, String, Long> {
    @Override
    public void process(FixedKeyRecord<String, String> color) {
      context().forward(color.withValue(EventId.of(color.headers())));
    }
  }
}
