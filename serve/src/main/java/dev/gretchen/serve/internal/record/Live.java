package dev.gretchen.serve.internal.record;

import dev.gretchen.verifier.progress.Progress;
import dev.gretchen.verifier.progress.ProgressFile;
import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.record.RunIndex;
import dev.gretchen.verifier.soak.SoakFolder;
import dev.gretchen.verifier.soak.SoakStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// What goes on in the folder of runs, whoever started it: what its progress files say.
///
/// However many look on, the folder is looked at once in [#FRESH].
public final class Live {

  private static final Duration FRESH = Duration.ofMillis(900);

  /// So many runs without a verdict are looked at, the latest; older ones were broken off.
  private static final int RUNS_MAX = 500;

  private static final int SOAKS_MAX = 20;

  private final Archive archive;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private Now last = new Now(List.of(), List.of()); // guarded by lock
  private long lastAt; // guarded by lock

  public Live(Archive archive, InstantSource clock) {
    this.archive = archive;
    this.clock = clock;
  }

  /// A run that goes on.
  public record LiveRun(RunEntry run, Progress progress) {}

  /// A soak that goes on.
  public record LiveSoak(SoakStatus soak, Progress progress) {}

  /// All that goes on.
  public record Now(List<LiveRun> runs, List<LiveSoak> soaks) {
    public Now {
      runs = List.copyOf(runs);
      soaks = List.copyOf(soaks);
    }
  }

  /// What goes on.
  public Now now() {
    lock.lock();
    try {
      long at = clock.millis();
      if (lastAt == 0 || at - lastAt >= FRESH.toMillis() || at < lastAt) {
        last = new Now(runs(at), soaks(at));
        lastAt = at;
      }
      return last;
    } finally {
      lock.unlock();
    }
  }

  private List<LiveRun> runs(long now) {
    List<LiveRun> runs = new ArrayList<>();
    for (RunEntry run : archive.ask((RunIndex index) -> index.withoutVerdict(RUNS_MAX))) {
      ProgressFile.read(archive.directory(run))
          .filter(progress -> progress.goesOn(now))
          .ifPresent(progress -> runs.add(new LiveRun(run, progress)));
    }
    return runs;
  }

  private List<LiveSoak> soaks(long now) {
    List<LiveSoak> soaks = new ArrayList<>();
    for (SoakFolder folder : SoakFolder.below(archive.runs()).stream().limit(SOAKS_MAX).toList()) {
      Optional<Progress> progress =
          ProgressFile.read(folder.path()).filter(found -> found.goesOn(now));
      if (progress.isPresent()) {
        SoakStatus.find(folder)
            .ifPresent(status -> soaks.add(new LiveSoak(status, progress.get())));
      }
    }
    return soaks;
  }
}
