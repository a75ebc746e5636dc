package dev.gretchen.engine.internal.assign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.gretchen.engine.internal.task.TaskId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// What members tell each other: back as it was sent, and harmless where it is not whole.
class WireFormatsTest {

  @Property(tries = 500)
  void aReportComesBackAsItWasSent(@ForAll long seed) {
    MemberReport report = report(new Random(seed));

    assertThat(MemberReport.decode(report.encode()))
        .isEqualTo(new MemberReport.Told.Report(report));
  }

  @Property(tries = 500)
  void aViewComesBackAsItWasSent(@ForAll long seed) {
    GroupView view = view(new Random(seed));

    assertThat(GroupView.decode(view.encode())).contains(view);
  }

  @Property(tries = 500)
  void whatIsCutOffIsUnreadable(@ForAll long seed) {
    Random random = new Random(seed);
    ByteBuffer report = report(random).encode();
    ByteBuffer view = view(random).encode();

    assertThat(MemberReport.decode(report.limit(random.nextInt(report.limit()))))
        .isInstanceOf(MemberReport.Told.Unreadable.class);
    assertThat(GroupView.decode(view.limit(random.nextInt(view.limit())))).isEmpty();
  }

  @Property(tries = 2_000)
  void anyBytesAreHarmless(@ForAll byte[] bytes) {
    assertThatCode(() -> MemberReport.decode(ByteBuffer.wrap(bytes))).doesNotThrowAnyException();
    assertThatCode(() -> GroupView.decode(ByteBuffer.wrap(bytes))).doesNotThrowAnyException();
  }

  @Property(tries = 500)
  void aFlippedByteIsHarmless(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = report(random).encode().array();
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));

    assertThatCode(() -> MemberReport.decode(ByteBuffer.wrap(bytes))).doesNotThrowAnyException();
  }

  @Test
  void saysWhichVersionItCannotRead() {
    assertThat(MemberReport.decode(ByteBuffer.wrap(new byte[] {1, 0, 0})))
        .isEqualTo(new MemberReport.Told.Unreadable("it speaks version 1, this worker version 4"));
    assertThat(GroupView.decode(ByteBuffer.wrap(new byte[] {1, 0, 0}))).isEmpty();
    assertThat(MemberReport.decode(null)).isInstanceOf(MemberReport.Told.Unreadable.class);
  }

  @Test
  void isShort() {
    NavigableMap<Integer, Long> positions = new TreeMap<>();
    for (int p = 0; p < 100; p++) {
      positions.put(p, 1_000_000L + p);
    }
    MemberReport report =
        new MemberReport(
            "w1",
            "5f0c9a11",
            "rack-a",
            "10.0.0.1:8080",
            "10.0.0.1:41234",
            "word-colors-w1",
            new TreeSet<>(),
            new TreeSet<>(),
            new TreeSet<>(),
            new TreeMap<>(java.util.Map.of("color-total", positions)),
            0);

    assertThat(report.encode().remaining()).isLessThan(500);
  }

  private static MemberReport report(Random random) {
    NavigableMap<String, NavigableMap<Integer, Long>> positions = new TreeMap<>();
    for (int t = random.nextInt(4); t > 0; t--) {
      NavigableMap<Integer, Long> partitions = new TreeMap<>();
      for (int p = random.nextInt(20); p > 0; p--) {
        partitions.put(random.nextInt(1_000), random.nextLong() >>> (1 + random.nextInt(62)));
      }
      positions.put(text(random), partitions);
    }
    return new MemberReport(
        text(random),
        text(random),
        text(random),
        text(random),
        text(random),
        text(random),
        tasks(random),
        tasks(random),
        tasks(random),
        positions,
        random.nextInt(1_000));
  }

  private static GroupView view(Random random) {
    List<Peer> peers = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      peers.add(
          new Peer(
              text(random),
              text(random),
              text(random),
              text(random),
              text(random),
              text(random),
              text(random),
              tasks(random),
              tasks(random)));
    }
    return new GroupView(tasks(random), tasks(random), random.nextBoolean(), peers);
  }

  private static NavigableSet<TaskId> tasks(Random random) {
    NavigableSet<TaskId> tasks = new TreeSet<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      tasks.add(new TaskId("topic-" + random.nextInt(3), random.nextInt(5_000)));
    }
    return tasks;
  }

  private static String text(Random random) {
    return List.of("", "w1", "größe", "a-long-name-with-many-letters", "漢字").get(random.nextInt(5))
        + random.nextInt(100);
  }
}
