package dev.gretchen.bench.kernels;

import dev.gretchen.apps.wordcolors.Tally;
import dev.gretchen.engine.internal.store.Checksum;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Mixing an id into a tally, and the checksum of a stored record.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FingerprintBenchmark {

  private final byte[] key = "\u0001c12345".getBytes(StandardCharsets.UTF_8);
  private final byte[] value =
      "{\"count\":1234,\"fingerprint\":\"00f3c1d2a4b59687\"}".getBytes(StandardCharsets.UTF_8);
  private final Checksum checksum = new Checksum();
  private Tally tally = Tally.zero();
  private long id;

  @Benchmark
  public Tally tallyPlus() {
    tally = tally.plus(id++);
    return tally;
  }

  @Benchmark
  public long storeChecksum() {
    checksum.visit(key, value);
    return checksum.sum();
  }
}
