package dev.gretchen.engine;

import static dev.gretchen.engine.KafkaBroker.bytes;
import static dev.gretchen.engine.KafkaBroker.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.engine.internal.progress.Progress;
import dev.gretchen.engine.internal.progress.ProgressFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// One event among thousands hangs for longer than anybody waits, and its worker is killed under
/// it.
class HangingEventIT {

  @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

  private static final Duration BOUND = Duration.ofSeconds(40);
  private static final Duration HANG = Duration.ofMinutes(5);
  private static final String NAME = "hanging";
  private static final int EVENTS = 2_000;
  private static final int HANGS = 700;

  @TempDir private Path directory = Path.of("");

  @Test
  void itHoldsUpNeitherCommitsNorOtherKeysAndAKillRepeatsItAlone() throws Exception {
    KAFKA.createTopic(NAME + "-in", 1);
    KAFKA.createTopic(NAME + "-out", 1);
    Path first = directory.resolve("first");
    Path second = directory.resolve("second");
    try (Processes processes = Processes.openTemporary(directory.resolve("processes"))) {
      Child worker = start(processes, first, HANG);
      KAFKA.send(events(0, EVENTS));
      Progress past = new Progress(HANGS, EVENTS, List.of((long) HANGS));
      await().atMost(BOUND).untilAsserted(() -> assertThat(committed()).isEqualTo(past));

      // what comes while it hangs is handled and committed too, all keys but its own
      KAFKA.send(events(EVENTS, EVENTS + 500));
      Progress further = new Progress(HANGS, EVENTS + 500, List.of((long) HANGS));
      await().atMost(BOUND).untilAsserted(() -> assertThat(committed()).isEqualTo(further));
      assertThat(KAFKA.committed(NAME + "-out")).hasSize(EVENTS + 500 - 1);
      assertThat(Files.readAllLines(first)).hasSize(EVENTS + 500);
      worker.kill();

      Child successor = start(processes, second, Duration.ZERO);
      await()
          .atMost(BOUND)
          .until(() -> !committed().isAhead() && committed().offset() >= EVENTS + 500);
      assertThat(successor.terminate(BOUND)).hasValue(0);
    }
    assertThat(Files.readAllLines(second)).containsExactly(Integer.toString(HANGS));
    assertThat(KAFKA.committed(NAME + "-out"))
        .extracting(answer -> text(answer.value()))
        .doesNotHaveDuplicates()
        .hasSize(EVENTS + 500);
    assertThat(KAFKA.latest(NAME + "-seen-changelog")).containsEntry("\u0001slow", "1").hasSize(98);
  }

  private static List<ProducerRecord<byte[], byte[]>> events(int from, int to) {
    List<ProducerRecord<byte[], byte[]>> events = new ArrayList<>();
    for (int i = from; i < to; i++) {
      String key = i == HANGS ? "slow" : "k" + i % 97;
      events.add(new ProducerRecord<>(NAME + "-in", bytes(key), bytes(Integer.toString(i))));
    }
    return events;
  }

  private Child start(Processes processes, Path called, Duration hang) {
    return processes.start(
        new Launch(
            "w1",
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HangingWorker.class.getName(),
                NAME,
                called.toString(),
                Long.toString(hang.toMillis()),
                "--bootstrap=" + KAFKA.bootstrap(),
                "--worker=w1",
                "--state-dir=" + directory.resolve("state")),
            Map.of(),
            directory.resolve("w1-" + hang + ".log")));
  }

  private static Progress committed() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrap()))) {
      OffsetAndMetadata offset =
          admin
              .listConsumerGroupOffsets(NAME)
              .partitionsToOffsetAndMetadata()
              .get()
              .get(new TopicPartition(NAME + "-in", 0));
      return offset == null
          ? Progress.at(0)
          : ProgressFormat.decode(offset.offset(), offset.metadata());
    }
  }
}
