package dev.gretchen.engine.internal.commit;

import static dev.gretchen.engine.internal.fakes.TestApp.OUTPUT;
import static dev.gretchen.engine.internal.fakes.TestApp.key;
import static dev.gretchen.engine.internal.fakes.TestApp.record;
import static dev.gretchen.engine.internal.fakes.TestApp.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import dev.gretchen.engine.internal.fakes.TestApp;
import dev.gretchen.engine.internal.store.Position;
import dev.gretchen.engine.internal.task.Budget;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskEpoch;
import dev.gretchen.engine.internal.topology.TableSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitterTest {

  private static final Uuid CHANGELOG_ID = new Uuid(3, 4);
  private static final long BUDGET = 10_000;

  private final FakeSurroundings surroundings = new FakeSurroundings();
  private final TestApp app = new TestApp(surroundings);
  private final ScriptedWriter writer = new ScriptedWriter();
  private final List<Task> tasks = new ArrayList<>();
  private final List<Task> startedAnew = new ArrayList<>();
  private final Poison poison = new Poison();
  private final Map<Integer, Long> offsets = new HashMap<>();
  private Runnable whenRelieved = () -> {};
  private final Budget budget = new Budget(BUDGET, () -> {}, () -> whenRelieved.run());
  private Committer committer = committer(Duration.ofMillis(100));

  @BeforeEach
  void begin() {
    app.budget(budget)
        .table(TableSpec.plain("t"))
        .agent((event, effects) -> {
          if (event.value().length < BUDGET) {
            effects.send(OUTPUT, event.key(), event.value());
          }
          effects.table("t").write(key(text(event.key())), event.value(), Codecs.bytes());
        });
    committer.step();
    assertThat(committer.hasBegun()).isTrue();
    publish(1, 1);
  }

  @Test
  void appliesAnEpochToTheStoreAfterItsCommitAndNotBefore() {
    Task task = running(0);
    handle(task, "a", "1");
    writer.answers(epoch -> {
      assertThat(stored(0, "a")).as("before the commit").isEqualTo("null");
      assertThat(budget.heldBytes()).isPositive();
      return committed(epoch, 42);
    });

    committer.step();

    assertThat(stored(0, "a")).isEqualTo("1");
    assertThat(app.store().partition("t", 0).position())
        .isEqualTo(new Position(CHANGELOG_ID, 42, surroundings.clock().millis()));
    assertThat(budget.heldBytes()).isZero();
    assertThat(writer.writes)
        .singleElement()
        .satisfies(write -> {
          assertThat(write.epoch.offsets())
              .containsOnlyKeys(new TopicPartition("in", 0))
              .allSatisfy((_, offset) -> {
                assertThat(offset.offset()).isEqualTo(1);
                assertThat(offset.metadata()).isEqualTo("v1,1");
              });
          assertThat(write.generation).isEqualTo(1);
        });
  }

  @Test
  void writesNothingWhereNothingWasHandled() {
    running(0);

    committer.step();
    committer.step();

    assertThat(writer.writes).isEmpty();
  }

  @Test
  void writesNothingUnderMetadataOfNoMember() {
    publish(2, -1);
    Task task = running(0);
    handle(task, "a", "1");

    committer.step();
    assertThat(writer.writes).isEmpty();

    publish(3, 5);
    writer.answers(epoch -> committed(epoch, 1));
    committer.step();
    assertThat(writer.writes).hasSize(1);
  }

  @Test
  void sendsARefusedEpochAgainUnderNewerOwnershipForTheTasksThatStillLive() {
    Task stays = running(0);
    Task goes = running(1);
    handle(stays, "a", "1");
    handle(goes, "b", "2");
    writer.answers(_ -> new WriteOutcome.Refused("the group has moved on"));
    committer.step();
    handle(stays, "a", "later");

    committer.step();
    assertThat(writer.writes).as("not under the same ownership").hasSize(1);

    goes.retire();
    tasks.remove(goes);
    publish(2, 2);
    writer.answers(epoch -> {
      assertThat(epoch.parts()).hasSize(1);
      return committed(epoch, 5);
    });
    writer.answers(epoch -> {
      assertThat(stored(0, "a")).as("one epoch after the other").isEqualTo("1");
      return committed(epoch, 6);
    });
    committer.step();

    assertThat(writer.writes).hasSize(3);
    Write again = writer.writes.get(1);
    assertThat(again.generation).isEqualTo(2);
    assertThat(again.epoch.number()).isEqualTo(writer.writes.get(0).epoch.number());
    assertThat(again.epoch.parts()).extracting(TaskEpoch::task).containsExactly(stays);
    assertThat(again.epoch.parts().getFirst())
        .isSameAs(
            writer.writes.get(0).epoch.parts().stream()
                .filter(part -> part.task() == stays)
                .findFirst()
                .orElseThrow());
    assertThat(stored(1, "b")).isEqualTo("null");
    assertThat(stored(0, "a")).isEqualTo("later");
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void doesNotWaitForOwnershipThatCameWhileTheEpochWasRefused() {
    Task task = running(0);
    handle(task, "a", "1");
    writer.answers(_ -> {
      publish(2, 2);
      return new WriteOutcome.Refused("that was the generation before");
    });
    writer.answers(epoch -> committed(epoch, 1));

    committer.step();
    committer.step();

    assertThat(writer.writes).extracting(write -> write.generation).containsExactly(1, 2);
  }

  /// A fenced worker that rejoined must not send what it staged before under its new metadata: the
  /// brokers would accept it, and move another worker's offset back.
  @Test
  void neverSendsAVoidTasksEffectsUnderOwnershipThatWasConfirmedAfterwards() {
    Task other = running(0);
    Task fenced = running(1);
    handle(fenced, "b", "2");
    handle(other, "a", "x".repeat((int) BUDGET));
    assertThat(budget.isExhausted()).isTrue();
    writer.answers(_ -> new WriteOutcome.Refused("evicted"));
    committer.step();
    publish(2, 2);
    other.retire();
    // between the committer's looks at the tasks and its write, the partition is lost and the
    // worker
    // rejoins
    whenRelieved =
        () -> {
          fenced.retire();
          publish(3, 3);
        };
    writer.answers(_ -> new WriteOutcome.Refused("the generation before"));

    committer.step();
    committer.step();

    assertThat(writer.writes).hasSize(2);
    for (Write write : writer.writes) {
      assertThat(write.generation == 3 && write.tasks.contains(fenced)).as("%s", write).isFalse();
    }
    assertThat(fenced.isVoid()).isTrue();
    assertThat(budget.heldBytes()).as("each part is released once").isZero();
  }

  @Test
  void voidsTheTasksOfAnUnknownOutcomeBeforeTheProducerBeginsAnew() {
    Task inEpoch = running(0);
    Task idle = running(1);
    handle(inEpoch, "a", "1");
    writer.answers(_ -> {
      handle(inEpoch, "a", "2");
      return new WriteOutcome.Unknown("timed out");
    });
    writer.onBegin(() -> assertThat(inEpoch.isVoid()).isTrue());

    committer.step();
    assertThat(startedAnew).containsExactly(inEpoch);
    assertThat(idle.stage()).as("no part in it").isEqualTo(Task.Stage.RUNNING);
    assertThat(committer.hasBegun()).isFalse();
    committer.step();
    assertThat(committer.hasBegun()).isTrue();
    assertThat(writer.begins).isEqualTo(2);

    handle(idle, "b", "3");
    writer.answers(epoch -> committed(epoch, 1));
    committer.step();
    assertThat(writer.writes.getLast().tasks).containsExactly(idle);
    assertThat(stored(0, "a")).isEqualTo("null");
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void triesToBeginUntilTheBrokersAnswer() {
    Committer late = committer(Duration.ofMillis(100));
    writer.onBegin(() -> {
      throw new KafkaException("no broker");
    });
    late.step();
    late.step();
    assertThat(late.hasBegun()).isFalse();

    writer.onBegin(() -> {});
    late.step();
    assertThat(late.hasBegun()).isTrue();
  }

  @Test
  void poisonsARejectedEventAndStartsOnlyItsTaskAnew() {
    Task bad = running(0);
    Task good = running(1);
    handle(bad, "a", "1");
    handle(good, "b", "2");
    writer.answers(_ -> new WriteOutcome.Rejected(bad.id().input(), 0, "too large"));
    writer.answers(epoch -> committed(epoch, 9));

    committer.step();
    committer.step();

    assertThat(startedAnew).containsExactly(bad);
    assertThat(requireNonNull(poison.refusal(bad.id().input(), 0)).reason()).contains("too large");
    assertThat(requireNonNull(poison.refusal(bad.id().input(), 0)).deadLetterToo()).isFalse();
    assertThat(poison.refusal(good.id().input(), 0)).isNull();
    assertThat(writer.writes.getLast().tasks).containsExactly(good);
    assertThat(stored(1, "b")).isEqualTo("2");
    assertThat(budget.heldBytes()).isZero();

    poison.add(bad.id().input(), 0, "its dead letter");
    assertThat(requireNonNull(poison.refusal(bad.id().input(), 0)).deadLetterToo()).isTrue();
  }

  @Test
  void sendsAnAbortedEpochAgainAndBeginsAnewWhenThatDoesNotHelp() {
    Task task = running(0);
    handle(task, "a", "1");
    writer.answers(_ -> new WriteOutcome.Aborted("passing"));
    writer.answers(epoch -> committed(epoch, 1));
    committer.step();
    committer.step();
    assertThat(stored(0, "a")).isEqualTo("1");
    assertThat(writer.writes.get(1).epoch.number()).isEqualTo(writer.writes.get(0).epoch.number());

    handle(task, "a", "2");
    for (int i = 0; i < 20; i++) {
      writer.answers(_ -> new WriteOutcome.Aborted("again and again"));
    }
    for (int i = 0; i < 20; i++) {
      assertThat(task.isVoid()).isFalse();
      committer.step();
    }
    assertThat(task.isVoid()).isTrue();
    assertThat(startedAnew).containsExactly(task);
    assertThat(committer.hasBegun()).isFalse();
  }

  @Test
  void appliesNothingUnderAClaimThatAnotherIncarnationHolds() {
    Task task = running(0);
    handle(task, "a", "1");
    writer.answers(epoch -> {
      task.retire();
      app.store().partition("t", 0).claim(1_000);
      return committed(epoch, 7);
    });

    committer.step();

    assertThat(stored(0, "a")).isEqualTo("null");
    assertThat(app.store().partition("t", 0).position()).isEqualTo(Position.NOTHING);
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void answersACommitAllWhenAllThatWasCompleteIsVisible() {
    Task task = running(0);
    handle(task, "a", "1");
    writer.answers(_ -> new WriteOutcome.Refused("the generation before the callback"));
    writer.answers(epoch -> committed(epoch, 1));
    committer.step();
    handle(task, "a", "2");
    writer.answers(epoch -> committed(epoch, 2));
    publish(2, 2);
    // the pending epoch and the one behind it are written while the polling thread waits
    surroundings.inNextWait(() -> committer.step());

    assertThat(committer.commitAll(Duration.ofSeconds(4))).isTrue();

    assertThat(stored(0, "a")).isEqualTo("2");
    assertThat(writer.writes).hasSize(3);
  }

  @Test
  void doesNotAnswerACommitAllThatItCouldNotDo() {
    Task task = running(0);
    handle(task, "a", "1");
    writer.answers(_ -> new WriteOutcome.Refused("evicted"));
    surroundings.inNextWait(() -> committer.step());

    assertThat(committer.commitAll(Duration.ofSeconds(4))).isFalse();
    assertThat(stored(0, "a")).isEqualTo("null");
  }

  @Test
  void waitsNoLongerForACommitThatTheGroupRefusedUnderTheNewestOwnership() {
    Task task = running(0);
    handle(task, "a", "1");
    writer.answers(_ -> new WriteOutcome.Refused("evicted"));
    surroundings.inNextWait(() -> committer.step());
    Duration before = Duration.ofNanos(surroundings.nanoTime());

    assertThat(committer.commitAll(Duration.ofSeconds(4))).isFalse();

    assertThat(Duration.ofNanos(surroundings.nanoTime()).minus(before))
        .isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void waitsTheShorterTheQuickerCommitsAre() {
    Task task = running(0);
    handle(task, "a", "1");
    writer.answers(epoch -> {
      surroundings.pass(Duration.ofMillis(3));
      return committed(epoch, 1);
    });
    committer.step();
    surroundings.waits().clear();
    committer.step();
    assertThat(surroundings.waits()).containsExactly(Duration.ofMillis(27));

    handle(task, "a", "2");
    writer.answers(epoch -> {
      surroundings.pass(Duration.ofMillis(500));
      return committed(epoch, 2);
    });
    committer.step();
    surroundings.waits().clear();
    committer.step();
    assertThat(surroundings.waits())
        .as("a pause after a long one, too")
        .containsExactly(Duration.ofMillis(100));
  }

  @Test
  void keepsToOnePauseWhereShortestAndLongestAreTheSame() {
    committer = committer(Duration.ofMillis(100), Duration.ofMillis(100));
    committer.step();
    publish(2, 1);
    handle(running(0), "a", "1");
    writer.answers(epoch -> {
      surroundings.pass(Duration.ofMillis(3));
      return committed(epoch, 1);
    });
    committer.step();
    surroundings.waits().clear();

    committer.step();

    assertThat(surroundings.waits()).containsExactly(Duration.ofMillis(100));
  }

  @Test
  void beginsATaskAnewWhoseValueCannotBeSentAndSuspectsItsPartition() {
    Task sound = running(0);
    Task unfit = running(1);
    handle(sound, "a", "1");
    handle(unfit, "b", "1");
    handle(unfit, "b", "x".repeat(2 << 20));
    writer.answers(epoch -> committed(epoch, 1));

    committer.step();
    committer.step();

    assertThat(startedAnew).containsExactly(unfit);
    assertThat(unfit.isVoid()).isTrue();
    assertThat(poison.isSuspect(unfit.id().input())).isTrue();
    assertThat(poison.isSuspect(sound.id().input())).isFalse();
    assertThat(writer.writes).hasSize(1);
    assertThat(writer.writes.getLast().tasks).containsExactly(sound);
    assertThat(budget.heldBytes()).isZero();
  }

  @Test
  void closesTheWriterAtItsEnd() {
    committer.stop();

    assertThat(committer.step()).isFalse();
    assertThat(writer.closed).isTrue();
  }

  private Committer committer(Duration longest) {
    return committer(Duration.ofMillis(10), longest);
  }

  private Committer committer(Duration shortest, Duration longest) {
    return new Committer(
        writer,
        new TestApp(surroundings).agent((_, _) -> {}).topology(),
        surroundings,
        surroundings.monitor(),
        app.meters(),
        budget,
        poison,
        shortest,
        longest,
        () -> tasks,
        startedAnew::add,
        _ -> CHANGELOG_ID);
  }

  private Task running(int partition) {
    Task task = app.begun(partition, 0);
    tasks.add(task);
    return task;
  }

  private void handle(Task task, String key, String value) {
    int partition = task.id().partition();
    long offset = offsets.merge(partition, 1L, Long::sum) - 1;
    task.offer(List.of(record(partition, offset, 0, key, value, new RecordHeaders())), offset + 1);
    surroundings.runAll();
  }

  private void publish(long version, int generation) {
    committer.publish(new Ownership(version, TestApp.member(generation)));
  }

  private String stored(int partition, String key) {
    return text(app.store().partition("t", partition).get(key(key).bytes()));
  }

  private static WriteOutcome committed(Epoch epoch, long next) {
    Map<TopicPartition, Long> positions = new HashMap<>();
    for (TaskEpoch part : epoch.parts()) {
      positions.put(new TopicPartition("app-t-changelog", part.task().id().partition()), next);
    }
    return new WriteOutcome.Committed(positions);
  }

  private record Write(Epoch epoch, List<Task> tasks, int generation) {}

  /// A writer that answers as the test has written it down.
  private static final class ScriptedWriter implements EpochWriter {

    private final ArrayDeque<Function<Epoch, WriteOutcome>> answers = new ArrayDeque<>();
    private final List<Write> writes = new ArrayList<>();
    private Runnable onBegin = () -> {};
    private int begins;
    private boolean closed;

    void answers(Function<Epoch, WriteOutcome> answer) {
      answers.add(answer);
    }

    void onBegin(Runnable happening) {
      onBegin = happening;
    }

    @Override
    public void begin() {
      begins++;
      onBegin.run();
    }

    @Override
    public WriteOutcome write(Epoch epoch, ConsumerGroupMetadata metadata) {
      assertThat(epoch.isEmpty()).as("an empty epoch carries no fencing").isFalse();
      writes.add(
          new Write(
              epoch,
              epoch.parts().stream().map(TaskEpoch::task).toList(),
              metadata.generationId()));
      return answers.remove().apply(epoch);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
