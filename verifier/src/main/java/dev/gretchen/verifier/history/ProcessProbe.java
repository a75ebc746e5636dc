package dev.gretchen.verifier.history;

import dev.gretchen.verifier.truth.CpuSample;
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

/// Looks how much memory the workers' processes have resident and how much CPU time they have
/// taken, and writes it to the history. What the operating system does not tell (Linux tells both)
/// is not written. One thread at a time.
public final class ProcessProbe implements AutoCloseable {

  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d{1,12}) kB$");
  private static final long KIBIBYTE = 1_024;

  private final Supplier<Map<String, Long>> pids;
  private final InstantSource clock;
  private final JsonLines.Writer<MemorySample> memory;
  private final JsonLines.Writer<CpuSample> cpu;

  /// A probe that appends to a run's history.
  ///
  /// @param pids of the processes that run, by worker
  public ProcessProbe(RunDirectory run, Supplier<Map<String, Long>> pids, InstantSource clock) {
    this.pids = pids;
    this.clock = clock;
    this.memory = new JsonLines.Writer<>(run.memory());
    this.cpu = new JsonLines.Writer<>(run.cpu());
  }

  /// Takes a sample of every worker that runs.
  public void sample() {
    pids.get()
        .forEach((worker, pid) -> {
          long at = clock.millis();
          resident(pid).ifPresent(bytes -> memory.append(new MemorySample(at, worker, bytes)));
          ProcessHandle.of(pid)
              .flatMap(process -> process.info().totalCpuDuration())
              .ifPresent(took -> cpu.append(new CpuSample(at, worker, took.toMillis())));
        });
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
    memory.close();
    cpu.close();
  }
}
