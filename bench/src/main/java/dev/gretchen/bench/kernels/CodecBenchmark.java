package dev.gretchen.bench.kernels;

import dev.gretchen.apps.wordcolors.Tally;
import dev.gretchen.engine.Codec;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.internal.observe.Lineage;
import dev.gretchen.engine.internal.task.TaskId;
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

/// The codecs of word-colors: its keys, its values (beside them, as a general writer would do it),
/// and the lineage that each record carries.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {

  private final Codec<String> utf8 = Codecs.utf8();
  private final Codec<Tally> byHand = Tally.json();
  private final Codec<Tally> json = Codecs.json(Tally.class);
  private final Tally tally = new Tally(1_234, 0x00f3c1d2a4b59687L);
  private final String word = "c12345";
  private final byte[] wordBytes = utf8.encode(word);
  private final byte[] tallyBytes = byHand.encode(tally);
  private final byte[] jsonBytes = json.encode(tally);
  private final Lineage.Stamp stamp = new Lineage("w1").stamp(new TaskId("colors", 3), 7, 42);
  private long offset = 1_000_000;

  @Benchmark
  public byte[] utf8Encode() {
    return utf8.encode(word);
  }

  @Benchmark
  public String utf8Decode() {
    return utf8.decode(wordBytes);
  }

  @Benchmark
  public byte[] jsonEncode() {
    return json.encode(tally);
  }

  @Benchmark
  public Tally jsonDecode() {
    return json.decode(jsonBytes);
  }

  @Benchmark
  public byte[] tallyEncode() {
    return byHand.encode(tally);
  }

  @Benchmark
  public Tally tallyDecode() {
    return byHand.decode(tallyBytes);
  }

  @Benchmark
  public byte[] lineage() {
    offset++;
    return stamp.of(offset, offset);
  }
}
