package dev.gretchen.engine;

import static dev.gretchen.engine.KafkaBroker.bytes;
import static dev.gretchen.engine.KafkaBroker.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Joins on a real broker, of topics with different partition counts, through kills.
class JoinsIT {

  @RegisterExtension static final KafkaBroker KAFKA = new KafkaBroker();

  private static final Duration BOUND = Duration.ofSeconds(40);
  private static final int KEYS = 7;
  private static final long STEP_MILLIS = 40;

  /// So many searches come to one click.
  private static final int SEARCHES_PER_CLICK = 30;

  private static final long CLICK_AFTER_MILLIS = 500;
  private static final long FAR = Duration.ofDays(1).toMillis();
  private static final int ROWS = 11;

  @TempDir private Path directory = Path.of("");

  @Test
  void eachPairAndEachLoneEventIsThereOnceAndNoRowIsLostThroughKillsAndALostDisk()
      throws Exception {
    String name = "joining";
    KAFKA.createTopic(name + "-searches", 4);
    KAFKA.createTopic(name + "-clicks", 2);
    KAFKA.createTopic(name + "-users", 1);
    KAFKA.createTopic(name + "-addresses", 3);
    KAFKA.createTopic(name + "-found", 1);
    KAFKA.createTopic(name + "-profiles", 1);
    int events = 0;
    try (Processes processes = Processes.openTemporary(directory.resolve("processes"))) {
      Child first = start(processes, name, "first", "disk");
      events = send(name, events, 1_200);
      awaitFound(name, 700);
      // it has these before it, and is killed somewhere among them
      events = send(name, events, 3_000);
      first.kill();

      Child second = start(processes, name, "second", "disk");
      awaitFound(name, 1_800);
      events = send(name, events, 4_200);
      second.kill();

      // what is held is known from the changelog alone
      Child third = start(processes, name, "third", "empty");
      end(name);
      List<String> truth = truth(events);
      awaitFound(name, truth.size());
      await()
          .atMost(BOUND)
          .pollInterval(Duration.ofMillis(200))
          .untilAsserted(() -> {
            assertThat(KAFKA.committed(name + "-profiles")).hasSizeGreaterThanOrEqualTo(280);
            assertThat(held(name + "-found-changelog"))
                .as("the last search of each key")
                .hasSize(KEYS);
          });
      assertThat(third.terminate(BOUND)).hasValue(0);
      assertThat(told(name)).containsExactlyInAnyOrderElementsOf(truth);
    }
    assertThat(new TreeMap<>(KAFKA.latest(name + "-profiles"))).isEqualTo(rows(events));
    assertThat(KAFKA.committed(name + "-profiles")).hasSize(2 * updates(events));
    assertThat(KAFKA.committed(name + "-dead-letters")).isEmpty();
  }

  private static String key(int event) {
    return "k" + event % KEYS;
  }

  private static boolean isClicked(int event) {
    return event % SEARCHES_PER_CLICK == 0;
  }

  private static int updates(int events) {
    return (events + SEARCHES_PER_CLICK - 1) / SEARCHES_PER_CLICK;
  }

  private static String row(int update) {
    return "u" + update % ROWS;
  }

  /// Searches, each a step after the one before; a click for some of them; a row's change on either
  /// side for each click.
  private static int send(String name, int from, int to) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = from; i < to; i++) {
      records.add(record(name + "-searches", i * STEP_MILLIS, key(i), "s" + i));
      if (isClicked(i)) {
        records.add(
            record(name + "-clicks", i * STEP_MILLIS + CLICK_AFTER_MILLIS, key(i), "c" + i));
        int update = i / SEARCHES_PER_CLICK;
        records.add(record(name + "-users", 0, row(update), "n" + update));
        records.add(record(name + "-addresses", 0, row(update), "a" + update));
      }
    }
    KAFKA.send(records);
    return to;
  }

  /// A day later, so that nobody is waited for any more.
  private static void end(String name) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      records.add(record(name + "-searches", 2 * FAR, key(i), "end"));
      records.add(record(name + "-clicks", FAR, key(i), "end"));
    }
    KAFKA.send(records);
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, long time, String key, String value) {
    return new ProducerRecord<>(topic, null, time, bytes(key), bytes(value));
  }

  private static List<String> truth(int events) {
    List<String> truth = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      boolean isAlone = true;
      for (int j = 0; j < events; j++) {
        long apart = (j - i) * STEP_MILLIS + CLICK_AFTER_MILLIS;
        if (isClicked(j)
            && key(i).equals(key(j))
            && 0 <= apart
            && apart <= JoiningWorker.AFTER.toMillis()) {
          isAlone = false;
          truth.add(told(key(i), "s" + i + "+c" + j, j * STEP_MILLIS + CLICK_AFTER_MILLIS));
        }
      }
      if (isAlone) {
        truth.add(told(key(i), "s" + i + "+-", i * STEP_MILLIS));
      }
    }
    return truth;
  }

  private static String told(String key, String value, long time) {
    return key + ":" + value + "@" + time;
  }

  private static List<String> told(String name) throws Exception {
    return KAFKA.committed(name + "-found").stream()
        .map(record -> told(text(record.key()), text(record.value()), record.timestamp()))
        .toList();
  }

  private static Map<String, String> rows(int events) {
    Map<String, String> rows = new TreeMap<>();
    for (int update = 0; update < updates(events); update++) {
      rows.put(row(update), "n" + update + "+a" + update);
    }
    return rows;
  }

  private static void awaitFound(String name, int atLeast) {
    await()
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() ->
            assertThat(KAFKA.committed(name + "-found")).hasSizeGreaterThanOrEqualTo(atLeast));
  }

  /// What a changelog has of events that are held, once it is compacted.
  private static Map<ByteKey, byte[]> held(String changelog) throws Exception {
    Map<ByteKey, byte[]> held = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : KAFKA.committed(changelog)) {
      ByteKey key = new ByteKey(record.key());
      if (record.value() == null) {
        held.remove(key);
      } else if (record.key()[0] == StoreKeys.HELD) {
        held.put(key, record.value());
      }
    }
    return held;
  }

  private Child start(Processes processes, String app, String life, String disk) {
    return processes.start(
        new Launch(
            life,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                JoiningWorker.class.getName(),
                app,
                "--bootstrap=" + KAFKA.bootstrap(),
                "--worker=w1",
                "--state-dir=" + directory.resolve(disk)),
            Map.of(),
            directory.resolve(life + ".log")));
  }
}
