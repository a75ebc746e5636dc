package dev.gretchen.verifier.contract;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One entry of the audit topic: a worker says what it owns.
///
/// @param at epoch milliseconds by the worker's clock
/// @param event `started`, `assigned`, `recovering`, `running`, `revoked`, `lost`, `reset`,
///   `stopping`, `standby`, `promoted`, `dropped`; of another worker `suspected`, `cleared`,
///   `evicted`, `fenced`
/// @param topic of the partition, empty where the event is about none
/// @param partition -1 where the event is about none
/// @param generation -1 where the event has none
/// @param peer the other worker that the event is about, empty where it is about none
/// @param recovered how many records a recovery read before `running`, -1 where it does not say
public record AuditEvent(
    long at,
    String worker,
    String incarnation,
    String event,
    String topic,
    int partition,
    long generation,
    String peer,
    long recovered) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// The same at another time, epoch milliseconds.
  public AuditEvent at(long millis) {
    return new AuditEvent(
        millis, worker, incarnation, event, topic, partition, generation, peer, recovered);
  }

  /// Whether it is about another worker, that one.
  public boolean isAboutPeer(String other) {
    return !peer.isEmpty() && peer.equals(other);
  }

  /// Decodes an entry; null where it is none.
  public static @Nullable AuditEvent decode(byte @Nullable [] json) {
    if (json == null) {
      return null;
    }
    try {
      JsonNode node = JSON.readTree(json);
      if (!node.path("at").isIntegralNumber() || !node.path("event").isString()) {
        return null;
      }
      return new AuditEvent(
          node.path("at").asLong(),
          node.path("worker").asString(""),
          node.path("incarnation").asString(""),
          node.path("event").asString(),
          node.path("topic").asString(""),
          node.path("partition").asInt(-1),
          node.path("generation").asLong(-1),
          node.path("peer").asString(""),
          node.path("recovery").path("records").asLong(-1));
    } catch (JacksonException _) {
      return null;
    }
  }
}
