package dev.gretchen.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.load.LoadPlan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/// A wrong answer must be seen, or its number would count.
class AuditorTest {

  private static final String CHANGELOG = "app-color-total-changelog";
  private static final String COUNTS = "color-counts";
  private static final Workload APP = new Workload(Stage.APP, 10, 2_000);
  private static final Workload COUNT = new Workload(Stage.COUNT, 10, 2_000);

  @Test
  void theRightAnswerIsRightAndItsRecordsAreCounted() {
    List<ConsumerRecord<byte[], byte[]>> updates = updates();
    assertThat(judge(APP, updates)).isEqualTo(new Judged.Right(Answers.truth(APP).events(), 0));
  }

  @Test
  void anUpdateThatIsMissingIsSeenEvenWhereTheLastTalliesAreRight() {
    List<ConsumerRecord<byte[], byte[]>> updates = updates();
    updates.removeFirst();
    assertWrong(judge(APP, updates), "records for");
  }

  @Test
  void anUpdateThatIsDoubledIsSeen() {
    List<ConsumerRecord<byte[], byte[]>> updates = updates();
    updates.add(updates.getLast());
    assertWrong(judge(APP, updates), "records for");
  }

  @Test
  void aCountThatIsRightWithTheWrongEventsIsSeen() {
    List<ConsumerRecord<byte[], byte[]>> tables = table(COUNT);
    ConsumerRecord<byte[], byte[]> last = tables.removeLast();
    Tally right = java.util.Objects.requireNonNull(TallyJson.decode(last.value()));
    byte[] wrong = TallyJson.encode(new Tally(right.count(), right.fingerprint() + 1));
    tables.add(record(CHANGELOG, last.key(), wrong));
    assertWrong(judge(COUNT, tables), "the truth is");
  }

  @Test
  void aKeyThatIsMissingOrUnknownOrNoTallyIsSeen() {
    List<ConsumerRecord<byte[], byte[]>> missing = table(COUNT);
    missing.removeFirst();
    assertWrong(judge(COUNT, missing), "the truth is");

    List<ConsumerRecord<byte[], byte[]>> unknown = table(COUNT);
    unknown.add(record(CHANGELOG, ChangelogKey.plain(utf8("c10")), unknown.getFirst().value()));
    assertWrong(judge(COUNT, unknown), "no colour of the palette");

    List<ConsumerRecord<byte[], byte[]>> garbled = table(COUNT);
    garbled.add(record(CHANGELOG, ChangelogKey.plain(utf8("c1")), utf8("many")));
    assertWrong(judge(COUNT, garbled), "no tally");
  }

  @Test
  void theTableIsReadFromItsChangelogWithoutTheEnginesOwnRecords() {
    List<ConsumerRecord<byte[], byte[]>> table = table(COUNT);
    table.add(record(CHANGELOG, new byte[] {ChangelogKey.RESERVED, 'x'}, new byte[8]));
    assertThat(judge(COUNT, table)).isEqualTo(new Judged.Right(0, 11));
  }

  @Test
  void withoutATopicOfAnswersNothingIsRight() {
    assertThat(new Auditor.Verdict(COUNT, Set.of("elsewhere")).of(Answers.truth(COUNT)))
        .isInstanceOf(Judged.Wrong.class);
  }

  private static void assertWrong(Judged judged, String part) {
    assertThat(judged)
        .isInstanceOfSatisfying(
            Judged.Wrong.class, wrong -> assertThat(wrong.sentence()).contains(part));
  }

  private static Judged judge(Workload workload, List<ConsumerRecord<byte[], byte[]>> records) {
    String topic = workload.stage() == Stage.APP ? COUNTS : CHANGELOG;
    Auditor.Verdict verdict = new Auditor.Verdict(workload, Set.of(topic));
    records.forEach(verdict::read);
    return verdict.of(Answers.truth(workload));
  }

  /// One tally for each event.
  private static List<ConsumerRecord<byte[], byte[]>> updates() {
    List<ConsumerRecord<byte[], byte[]>> updates = new ArrayList<>();
    fold(APP, (color, tally) -> updates.add(record(COUNTS, utf8(color), TallyJson.encode(tally))));
    return updates;
  }

  /// The last tally of each key.
  private static List<ConsumerRecord<byte[], byte[]>> table(Workload workload) {
    Map<String, Tally> last = new HashMap<>();
    fold(workload, last::put);
    List<ConsumerRecord<byte[], byte[]>> table = new ArrayList<>();
    last.forEach((color, tally) ->
        table.add(record(CHANGELOG, ChangelogKey.plain(utf8(color)), TallyJson.encode(tally))));
    return table;
  }

  private static void fold(Workload workload, java.util.function.BiConsumer<String, Tally> each) {
    LoadPlan plan = workload.plan();
    Map<String, Tally> tallies = new HashMap<>();
    for (long index = 0; index < plan.count(); index++) {
      long id = plan.id(index);
      if (plan.isColor(id)) {
        String color = new String(plan.value(id), StandardCharsets.UTF_8);
        Tally tally = tallies.getOrDefault(color, Tally.NONE).plus(id);
        tallies.put(color, tally);
        each.accept(color, tally);
      }
    }
  }

  private static ConsumerRecord<byte[], byte[]> record(String topic, byte[] key, byte[] value) {
    return new ConsumerRecord<>(topic, 0, 0, key, value);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
