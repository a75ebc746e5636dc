package dev.gretchen.serve.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.serve.RunsOnDisk;
import dev.gretchen.serve.internal.record.Comparison.Line;
import dev.gretchen.serve.internal.record.Comparison.Part;
import dev.gretchen.verifier.record.RecordedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {

  @TempDir private Path runs;
  private RunsOnDisk disk = new RunsOnDisk(Path.of("."));

  @BeforeEach
  void begin() {
    disk = new RunsOnDisk(runs);
  }

  @Test
  void marksWhatDiffersAndLeavesTheRest() throws Exception {
    RecordedRun passed = read(disk.at("c1").passed(1, 200));
    RecordedRun failed = read(disk.at("c2").failed(2, "an event was counted twice"));

    Comparison comparison = Comparison.of(passed, failed);

    assertThat(line(comparison, "verdict"))
        .isEqualTo(new Line(Part.ENDED, "verdict", "PASS", "FAIL", null, true));
    assertThat(line(comparison, "commit").differs()).isTrue();
    assertThat(line(comparison, "app").differs()).isFalse();
    assertThat(line(comparison, "output-exact:colors").second()).isEqualTo("FAIL");
    assertThat(line(comparison, "kill-owner, silence p99"))
        .isEqualTo(
            new Line(Part.TAKEOVERS, "kill-owner, silence p99", "200 ms", "500 ms", 2.5, true));
    assertThat(line(comparison, "throughput").first()).isEqualTo("800 events/s");
  }

  /// Two runs never measure the same: what is marked then says nothing.
  @Test
  void doesNotMarkWhatDiffersLessThanRunsDo() throws Exception {
    RecordedRun one = read(disk.passed(1, 200));
    RecordedRun close = read(disk.passed(2, 215));
    RecordedRun far = read(disk.passed(3, 240));

    assertThat(line(Comparison.of(one, close), "kill-owner, silence p99").differs()).isFalse();
    assertThat(line(Comparison.of(one, far), "kill-owner, silence p99").differs()).isTrue();
    assertThat(line(Comparison.of(one, close), "seed").differs()).isTrue();
  }

  @Test
  void showsADashWhereOneRunSaysNothing() throws Exception {
    RecordedRun passed = read(disk.passed(1, 200));
    RecordedRun begun = read(disk.begun(2));

    Comparison comparison = Comparison.of(begun, passed);

    assertThat(line(comparison, "verdict").first()).isEqualTo("none");
    assertThat(line(comparison, "colors, latency p99"))
        .isEqualTo(new Line(Part.SERVICE, "colors, latency p99", "-", "345 ms", null, true));
  }

  @Test
  void aRunIsLikeItself() throws Exception {
    RecordedRun run = read(disk.passed(1, 200));

    List<Line> lines = Comparison.of(run, run).lines();
    assertThat(lines).hasSizeGreaterThan(15).noneMatch(Line::differs);
    assertThat(lines).extracting(Line::ratio).filteredOn(Objects::nonNull).containsOnly(1.0);
  }

  private RecordedRun read(Path run) throws IOException {
    return RecordedRun.read(run, runs.relativize(run).toString()).orElseThrow();
  }

  private static Line line(Comparison comparison, String name) {
    return comparison.lines().stream()
        .filter(line -> line.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
