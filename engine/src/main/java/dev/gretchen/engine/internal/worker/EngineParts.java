package dev.gretchen.engine.internal.worker;

import dev.gretchen.engine.Guarantee;
import dev.gretchen.engine.internal.commit.EpochRecords;
import dev.gretchen.engine.internal.commit.EpochWriter;
import dev.gretchen.engine.internal.commit.TransactionalWriter;
import dev.gretchen.engine.internal.commit.WriterSettings;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.recovery.RecoveryEnd;
import dev.gretchen.engine.internal.surroundings.Surroundings;

/// The seams of the engine: the parts on which its promises hang. A shipped worker always runs on
/// [#standard]; the judge's own trial puts broken ones in their place, from a module that is never
/// shipped.
///
/// @param writer makes the part that makes epochs visible
/// @param recoveryEnd where recoveries end
public record EngineParts(WriterMaker writer, RecoveryEnd recoveryEnd) {

  /// Makes an epoch writer.
  @FunctionalInterface
  public interface WriterMaker {
    EpochWriter make(
        Surroundings surroundings,
        EpochRecords records,
        Failpoints failpoints,
        Meters meters,
        Guarantee guarantee,
        WriterSettings settings);
  }

  /// The parts that are shipped.
  public static EngineParts standard() {
    return new EngineParts(TransactionalWriter::new, RecoveryEnd.standard());
  }
}
