package dev.gretchen.peers.streams;

import dev.gretchen.peers.contract.Keys;
import dev.gretchen.peers.contract.Tally;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/// The contract's forms as Kafka Streams wants them.
final class ContractSerdes {

  private ContractSerdes() {}

  /// Tallies as JSON. Null stays null: Kafka Streams asks with it for keys that are not there.
  static Serde<Tally> tally() {
    return Serdes.serdeFrom(
        (_, tally) -> tally == null ? null : tally.toJson(),
        (_, json) -> json == null ? null : Tally.of(json));
  }

  /// The key of a plain table, with its tag: so the store's changelog is one of the contract.
  static Serde<String> plainKey() {
    return Serdes.serdeFrom(
        (_, key) -> key == null ? null : Keys.plain(key.getBytes(StandardCharsets.UTF_8)),
        (_, tagged) ->
            tagged == null
                ? null
                : new String(tagged, 1, tagged.length - 1, StandardCharsets.UTF_8));
  }
}
