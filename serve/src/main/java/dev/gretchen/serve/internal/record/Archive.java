package dev.gretchen.serve.internal.record;

import dev.gretchen.serve.internal.http.Refused;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.record.RunIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// The record for several threads: one question at a time, on an index that is as old as [#FRESH]
/// at the most.
public final class Archive implements AutoCloseable {

  /// To look for what has changed takes a glance at each run; a page asks several questions at
  /// once.
  static final Duration FRESH = Duration.ofSeconds(2);

  private final Path runs;
  private final RunIndex index;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private long refreshedAt; // guarded by lock

  private Archive(Path runs, RunIndex index, InstantSource clock) {
    this.runs = runs;
    this.index = index;
    this.clock = clock;
  }

  /// Opens the record of a folder.
  ///
  /// @throws dev.gretchen.verifier.judge.NotARunDirectory if there is no such folder
  public static Archive open(Path runs, InstantSource clock) {
    return new Archive(runs, RunIndex.open(runs), clock);
  }

  /// The folder of all runs.
  public Path runs() {
    return runs;
  }

  /// Asks.
  public <T> T ask(Function<RunIndex, T> question) {
    lock.lock();
    try {
      long now = clock.millis();
      if (refreshedAt == 0 || now - refreshedAt >= FRESH.toMillis() || now < refreshedAt) {
        index.refresh();
        refreshedAt = now;
      }
      return question.apply(index);
    } finally {
      lock.unlock();
    }
  }

  /// A run by its id.
  ///
  /// @throws Refused if the record has none of that name
  public RunEntry entry(String id) {
    return ask(record -> record.withId(id))
        .orElseThrow(() -> Refused.notFound("The record has no run " + id));
  }

  /// A run by its id, with all that its directory says.
  ///
  /// @throws Refused if the record has none of that name
  public RecordedRun run(String id) {
    RunEntry entry = entry(id);
    return ask(record -> record.read(entry))
        .orElseThrow(() -> Refused.notFound("The directory of run " + id + " is gone"));
  }

  /// Where a run lies.
  Path directory(RunEntry run) {
    return runs.resolve(run.path());
  }

  @Override
  public void close() {
    lock.lock();
    try {
      index.close();
    } finally {
      lock.unlock();
    }
  }
}
