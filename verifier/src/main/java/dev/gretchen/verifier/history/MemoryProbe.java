package dev.gretchen.verifier.history;

import dev.gretchen.verifier.truth.MemorySample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks how much memory the workers' processes have resident, and writes it to the history. Where
/// the operating system does not tell (it does on Linux), nothing is written. One thread at a time.
public final class MemoryProbe implements AutoCloseable {

  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d{1,12}) kB$");
  private static final long KIBIBYTE = 1_024;

  private final Supplier<Map<String, Long>> pids;
  private final InstantSource clock;
  private final JsonLines.Writer<MemorySample> history;

  /// A probe that appends to a run's history.
  ///
  /// @param pids of the processes that run, by worker
  public MemoryProbe(RunDirectory run, Supplier<Map<String, Long>> pids, InstantSource clock) {
    this.pids = pids;
    this.clock = clock;
    this.history = new JsonLines.Writer<>(run.memory());
  }

  /// Takes a sample of every worker that runs.
  public void sample() {
    pids.get()
        .forEach((worker, pid) ->
            resident(pid)
                .ifPresent(
                    bytes -> history.append(new MemorySample(clock.millis(), worker, bytes))));
  }

  private static OptionalLong resident(long pid) {
    try {
      Matcher found =
          RESIDENT.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
      return found.find()
          ? OptionalLong.of(Long.parseLong(found.group(1)) * KIBIBYTE)
          : OptionalLong.empty();
    } catch (IOException _) {
      // it has just ended, or this is no Linux
      return OptionalLong.empty();
    }
  }

  @Override
  public void close() {
    history.close();
  }
}
