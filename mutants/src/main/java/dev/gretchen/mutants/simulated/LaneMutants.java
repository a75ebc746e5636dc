package dev.gretchen.mutants.simulated;

import dev.gretchen.engine.internal.commit.Epoch;
import dev.gretchen.engine.internal.lane.KeyedLineup;
import dev.gretchen.engine.internal.lane.Lineup;
import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.task.TaskEpoch;
import dev.gretchen.engine.internal.task.TaskParts;
import dev.gretchen.simulation.Engines;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Engines that go wrong where several events are under way.
final class LaneMutants {

  private LaneMutants() {}

  /// What is under way counts as done, as soon as something behind it is.
  static Engines commitPastInFlight() {
    return progress(progress -> Progress.at(progress.end()));
  }

  /// What was done beyond the committed offset is forgotten.
  static Engines completedSetDropped() {
    return progress(progress -> Progress.at(progress.offset()));
  }

  /// One event at the committed offset that is not done, with the next one done, is taken for an
  /// offset that compaction has left empty.
  static Engines gapAtTheHead() {
    return progress(progress -> {
      List<Long> unfinished = progress.unfinished();
      long second = progress.offset() + 1;
      boolean gap =
          !unfinished.isEmpty()
              && unfinished.getFirst() == progress.offset()
              && progress.isDone(second);
      if (!gap) {
        return progress;
      }
      return new Progress(second, progress.end(), unfinished.subList(1, unfinished.size()));
    });
  }

  private static Engines progress(UnaryOperator<Progress> wrong) {
    return new Engines(
        OtherWriter.of((sound, _, epoch, metadata) ->
            sound.write(
                new Epoch(
                    epoch.number(),
                    epoch.parts().stream()
                        .map(part ->
                            new TaskEpoch(
                                part.task(),
                                wrong.apply(part.progress()),
                                part.outputs(),
                                part.changes(),
                                part.bytes()))
                        .toList()),
                metadata)),
        UnaryOperator.identity());
  }

  /// The next event of a lane does not wait for the one before it.
  static Engines laneOrderBroken() {
    return new Engines(
        parts -> parts.withTasks(parts.tasks().withLineups(Disorderly::new)),
        UnaryOperator.identity());
  }

  /// Keeps no lane to itself.
  private static final class Disorderly<T> implements Lineup<T> {

    private final Lineup<T> inner = new KeyedLineup<>();

    @Override
    public void add(@Nullable ByteKey lane, T event) {
      inner.add(null, event);
    }

    @Override
    public @Nullable T next() {
      return inner.next();
    }

    @Override
    public @Nullable T nextOf(@Nullable ByteKey lane) {
      return null;
    }

    @Override
    public boolean hasNext() {
      return inner.hasNext();
    }

    @Override
    public @Nullable T peek() {
      return inner.peek();
    }

    @Override
    public int ready() {
      return inner.ready();
    }

    @Override
    public void ended(@Nullable ByteKey lane) {
      // nobody had it alone
    }

    @Override
    public void hold(ByteKey lane) {
      // nor did the one before
    }

    @Override
    public void clear() {
      inner.clear();
    }
  }

  /// A batch whose handler has failed for good counts as done.
  static Engines failedBatchDone() {
    return failedBatch(_ -> 0);
  }

  /// When the events of a failed batch are handled one by one, the last is left out.
  static Engines lastOfBatchLost() {
    return failedBatch(events -> events - 1);
  }

  private static Engines failedBatch(TaskParts.FailedBatch wrong) {
    return new Engines(
        parts -> parts.withTasks(parts.tasks().withFailedBatch(wrong)), UnaryOperator.identity());
  }

  /// What an attempt did before it failed is not dropped.
  static Engines failedEffectsLeak() {
    return new Engines(
        parts -> parts.withTasks(parts.tasks().withFailedAttempt(_ -> {})),
        UnaryOperator.identity());
  }
}
