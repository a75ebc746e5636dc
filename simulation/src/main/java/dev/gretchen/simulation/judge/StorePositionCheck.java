package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.check.Findings;
import dev.gretchen.verifier.contract.AppDescriptor.Table;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.StoreSnapshot;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.List;

/// `store-position`: no store, of an owner or a standby, is `ahead` of its changelog: it would hold
/// what was never committed. That it holds no less is the verifier's `store` to show.
final class StorePositionCheck {

  private StorePositionCheck() {}

  static Property check(Scene scene, Table table) {
    Findings findings = new Findings();
    for (StoreSnapshot store : scene.history().stores()) {
      if (!store.table().equals(table.name())) {
        continue;
      }
      findings.compared();
      long end = end(scene, table.changelog(), store.partition());
      if (store.position() > end) {
        findings.add(() -> ahead(table, store, end));
      }
    }
    return findings.property(
        name(table), Section.SAFETY, "No store of " + table.name() + " is ahead of its changelog.");
  }

  static String name(Table table) {
    return "store-position:" + table.name();
  }

  private static long end(Scene scene, String changelog, int partition) {
    for (OffsetSample end : scene.run().ends()) {
      if (end.partition() == partition && end.topic().equals(changelog)) {
        return end.stableEnd();
      }
    }
    throw new IllegalStateException("nobody told where " + changelog + "-" + partition + " ends");
  }

  private static Anomaly ahead(Table table, StoreSnapshot store, long end) {
    return new Anomaly(
        "ahead",
        "Partition "
            + store.partition()
            + " of "
            + table.name()
            + " held by "
            + store.worker()
            + " stands at "
            + store.position()
            + ", ahead of "
            + table.changelog()
            + ", which ends at "
            + end
            + ".",
        List.of());
  }
}
