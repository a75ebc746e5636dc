package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What workers told, written down short.
final class AuditEntries {

  private final List<AuditEvent> events = new ArrayList<>();

  AuditEntries worker(long at, String worker, String event) {
    return add(at, worker, event, "", -1, -1, "", -1);
  }

  AuditEntries task(long at, String worker, String event, int partition) {
    return add(at, worker, event, "t", partition, at / 100, "", -1);
  }

  AuditEntries running(long at, String worker, int partition, long recovered) {
    return add(at, worker, "running", "t", partition, at / 100, "", recovered);
  }

  AuditEntries peer(long at, String worker, String event, String peer) {
    return add(at, worker, event, "", -1, -1, peer, -1);
  }

  private AuditEntries add(
      long at,
      String worker,
      String event,
      String topic,
      int partition,
      long generation,
      String peer,
      long recovered) {
    events.add(
        new AuditEvent(at, worker, "i", event, topic, partition, generation, peer, recovered));
    return this;
  }

  List<AuditEvent> list() {
    return events.stream().sorted(Comparator.comparingLong(AuditEvent::at)).toList();
  }
}
