package dev.gretchen.verifier.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.truth.CpuSample;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.MemorySample;
import dev.gretchen.verifier.truth.OffsetSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

  /// Beyond the highest that Linux gives.
  private static final long NO_PID = 1L << 23;

  @Property(tries = 20)
  void whatIsWrittenIsReadUpToWhereTheFileWasCutOff(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 100) int percent) throws IOException {
    Path file = Files.createTempFile("gretchen", ".log");
    try {
      List<LogRecord> written = records(new Random(seed), 1_500);
      try (LogWriter writer = new LogWriter(file)) {
        for (int i = 0; i < written.size(); i++) {
          writer.append(written.get(i));
          if (i % 500 == 0) {
            writer.flush();
          }
        }
      }
      assertSame(read(file), written);
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, (int) ((long) bytes.length * percent / 100)));
      List<LogRecord> read = read(file);
      assertSame(read, written.subList(0, read.size()));
      assertThat(read.size()).isGreaterThanOrEqualTo((written.size() * percent / 100) - 1_000);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void whatALivingProcessTakesIsWrittenDownAndNothingOfOneThatIsGone(@TempDir Path folder) {
    assumeThat(Path.of("/proc/self/status")).exists();
    RunDirectory run = new RunDirectory(folder);
    Map<String, Long> pids = Map.of("alive", ProcessHandle.current().pid(), "gone", NO_PID);
    Instant now = Instant.ofEpochMilli(1_700_000_000_000L);
    try (ProcessProbe probe = new ProcessProbe(run, () -> pids, () -> now)) {
      probe.sample();
    }
    assertThat(JsonLines.read(run.memory(), MemorySample.class))
        .toIterable()
        .singleElement()
        .satisfies(sample -> {
          assertThat(sample.worker()).isEqualTo("alive");
          assertThat(sample.at()).isEqualTo(now.toEpochMilli());
          assertThat(sample.residentBytes()).isBetween(10L << 20, 1L << 40);
        });
    assertThat(JsonLines.read(run.cpu(), CpuSample.class))
        .toIterable()
        .singleElement()
        .satisfies(sample -> {
          assertThat(sample.worker()).isEqualTo("alive");
          assertThat(sample.cpuMillis()).isPositive();
        });
  }

  @Test
  void damageBeforeTheEndIsNotTakenForTruncation(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("0.log");
    try (LogWriter writer = new LogWriter(file)) {
      for (LogRecord record : records(new Random(1), 100)) {
        writer.append(record);
        writer.flush();
      }
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(HistoryDamaged.class)
        .hasMessageContaining("0.log");
  }

  @Test
  void acknowledgementsRoundTrip(@TempDir Path runs) {
    RunDirectory run = RunDirectory.create(runs, "word-colors", Instant.EPOCH, 42);
    List<Ack> acks =
        List.of(
            new Ack(3, Ack.Status.ACKED, 0),
            new Ack(7, Ack.Status.UNKNOWN, -1),
            new Ack(9, Ack.Status.ACKED, 1),
            new Ack(8, Ack.Status.FAILED, -1));
    try (AckWriter writer = new AckWriter(run, 2)) {
      acks.forEach(ack -> writer.append(1, ack));
    }
    List<Ack> read = new ArrayList<>();
    new AckReader(run.acks(1)).forEachRemaining(read::add);
    assertThat(read).isEqualTo(acks);
    assertThat(new AckReader(run.acks(0)).hasNext()).isFalse();
    assertThat(runs.resolve("word-colors/latest/history/acks/1.log")).exists();
  }

  @Test
  void aLineThatWasCutOffIsLeftOut(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("offsets.ndjson");
    OffsetSample sample = new OffsetSample(1, "words", 2, 3, 4, 5, true);
    try (var writer = new JsonLines.Writer<OffsetSample>(file)) {
      writer.append(sample);
      writer.append(sample);
    }
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 5));
    List<OffsetSample> read = new ArrayList<>();
    JsonLines.read(file, OffsetSample.class).forEachRemaining(read::add);
    assertThat(read).containsExactly(sample);
    assertThat(JsonLines.read(folder.resolve("none"), OffsetSample.class).hasNext()).isFalse();
  }

  private static List<LogRecord> records(Random random, int count) {
    List<LogRecord> records = new ArrayList<>();
    long offset = 0;
    for (int i = 0; i < count; i++) {
      offset += 1 + random.nextInt(3);
      boolean hasId = random.nextBoolean();
      records.add(
          new LogRecord(
              4,
              offset,
              random.nextLong() >> 20,
              1_700_000_000_000L + i,
              bytes(random, 30),
              bytes(random, 200),
              hasId,
              hasId ? random.nextLong() : 0,
              bytes(random, 60)));
    }
    return records;
  }

  private static byte @Nullable [] bytes(Random random, int max) {
    if (random.nextInt(5) == 0) {
      return null;
    }
    byte[] bytes = new byte[random.nextInt(max)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static List<LogRecord> read(Path file) {
    List<LogRecord> read = new ArrayList<>();
    for (Iterator<LogRecord> reader = new LogReader(file, 4); reader.hasNext(); ) {
      read.add(reader.next());
    }
    return read;
  }

  private static void assertSame(List<LogRecord> actual, List<LogRecord> expected) {
    assertThat(actual).usingRecursiveFieldByFieldElementComparator().isEqualTo(expected);
  }
}
