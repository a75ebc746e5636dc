package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.check.Findings;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `drained`: once all was healed, the app has done all its work: the committed offset stands
/// behind the last record of every partition that it consumes (`stuck`), and no transaction hangs
/// (`hanging-transaction`).
final class DrainCheck {

  static final String NAME = "drained";

  private DrainCheck() {}

  static Property check(Scene scene) {
    Findings findings = new Findings();
    Map<String, Map<Integer, OffsetSample>> ends = new HashMap<>();
    for (OffsetSample end : scene.run().ends()) {
      ends.computeIfAbsent(end.topic(), _ -> new HashMap<>()).put(end.partition(), end);
      if (end.stableEnd() < end.end()) {
        findings.add(() -> hanging(end));
      }
    }
    for (String topic : scene.app().sources()) {
      SimLog log = scene.history().log(topic);
      for (int p = 0; p < log.partitions(); p++) {
        OffsetSample end = ends.getOrDefault(topic, Map.of()).get(p);
        if (end == null) {
          return Property.unknown(
              NAME, Section.LIVENESS, 0, "Nobody told where " + topic + "-" + p + " stands.");
        }
        findings.compared();
        Seen[] records = log.partition(p);
        if (records.length > 0 && records[records.length - 1].offset() >= end.committed()) {
          findings.add(() -> stuck(scene, log, end, records));
        }
      }
    }
    return findings.property(
        NAME,
        Section.LIVENESS,
        "The group's offsets stand behind the last record of every partition that it consumes.");
  }

  private static Anomaly stuck(Scene scene, SimLog log, OffsetSample end, Seen[] records) {
    int first = 0;
    while (records[first].offset() < end.committed()) {
      first++;
    }
    Seen waiting = records[first];
    String offset =
        end.committed() < 0 ? "no offset is committed" : "the offset stands at " + end.committed();
    return new Anomaly(
        "stuck",
        "In "
            + log.topic()
            + "-"
            + end.partition()
            + " "
            + offset
            + " and "
            + (records.length - first)
            + " records wait, first key "
            + Witness.text(waiting.record().key())
            + ", "
            + scene.witness().event(waiting.record())
            + " at "
            + log.at(waiting)
            + ".",
        List.of(scene.witness().exhibit(log.topic(), waiting.record(), "waits")),
        end.at());
  }

  private static Anomaly hanging(OffsetSample end) {
    return new Anomaly(
        "hanging-transaction",
        end.topic()
            + "-"
            + end.partition()
            + " ends at "
            + end.end()
            + ", but committed readers see nothing from "
            + end.stableEnd()
            + " on.",
        List.of(),
        end.at());
  }
}
