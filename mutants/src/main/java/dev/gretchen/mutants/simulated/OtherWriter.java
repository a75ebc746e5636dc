package dev.gretchen.mutants.simulated;

import dev.gretchen.engine.internal.commit.Epoch;
import dev.gretchen.engine.internal.commit.EpochWriter;
import dev.gretchen.engine.internal.commit.WriteOutcome;
import dev.gretchen.engine.internal.commit.WriterSettings;
import dev.gretchen.engine.internal.worker.EngineParts;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/// A writer that does something else with each epoch than it is asked to.
///
/// @param inner the sound one
record OtherWriter(EpochWriter inner, WriterSettings settings, Writing writing)
    implements EpochWriter {

  /// What becomes of an epoch.
  @FunctionalInterface
  interface Writing {
    WriteOutcome write(
        EpochWriter sound, WriterSettings settings, Epoch epoch, ConsumerGroupMetadata metadata);
  }

  static UnaryOperator<EngineParts> of(Writing writing) {
    return parts ->
        parts.withWriter((surroundings, records, failpoints, meters, guarantee, settings) ->
            new OtherWriter(
                parts.writer().make(surroundings, records, failpoints, meters, guarantee, settings),
                settings,
                writing));
  }

  @Override
  public void begin() {
    inner.begin();
  }

  @Override
  public WriteOutcome write(Epoch epoch, ConsumerGroupMetadata metadata) {
    return writing.write(inner, settings, epoch, metadata);
  }

  @Override
  public void close() {
    inner.close();
  }
}
