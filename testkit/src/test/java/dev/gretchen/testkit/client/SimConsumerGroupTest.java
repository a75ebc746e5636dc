package dev.gretchen.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What members of a group are told, in which order, and under which generation.
class SimConsumerGroupTest {

  private final SimCluster cluster = new SimCluster(11);

  @AfterEach
  void end() {
    cluster.close();
  }

  private Member member(String name) {
    return new Member(cluster, name, Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name));
  }

  private Member dynamic(String name) {
    return new Member(cluster, name, Map.of());
  }

  private void pass(long millis) {
    cluster.pass(Duration.ofMillis(millis));
  }

  @Test
  void aSecondMemberGetsWhatTheFirstHasGivenUp() {
    cluster.topic("t", 4);

    Member first = member("a");
    pass(2_000);
    Member second = member("b");
    pass(5_000);

    assertThat(first.told)
        .containsExactly(
            "assigned [t-0, t-1, t-2, t-3] in 1",
            "revoked [t-2, t-3] in 2",
            "assigned [] in 2",
            "assigned [] in 3");
    assertThat(second.told).containsExactly("assigned [] in 2", "assigned [t-2, t-3] in 3");
  }

  @Test
  void anEagerGroupGivesUpEverythingBeforeItJoins() {
    cluster.topic("t", 2);
    Map<String, Object> eager =
        Map.of(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());

    Member first = new Member(cluster, "a", eager);
    pass(2_000);
    Member second = new Member(cluster, "b", eager);
    pass(5_000);

    assertThat(first.told).startsWith("assigned [t-0, t-1] in 1", "revoked [t-0, t-1] in 1");
    assertThat(first.held().size() + second.held().size()).isEqualTo(2);
    assertThat(second.held()).hasSize(1);
  }

  @Test
  void aMemberThatSleptThroughItsSessionLosesWhatItHeldAndComesBack() {
    cluster.topic("t", 2);
    Member first = member("a");
    Member second = member("b");
    pass(5_000);
    assertThat(first.held()).hasSize(1);
    int generation = cluster.kafka.describeGroup("group").generation();
    String lost = first.held().toString();

    cluster.scheduler.suspend(first.process);
    pass(9_000);
    assertThat(second.held()).hasSize(2);
    first.told.clear();
    cluster.scheduler.resume(first.process);
    pass(8_000);

    assertThat(first.told.getFirst()).isEqualTo("lost " + lost + " in " + generation);
    assertThat(first.held()).hasSize(1);
    assertThat(second.held()).hasSize(1);
    assertThat(first.thrown).isEmpty();
  }

  @Test
  void heartbeatsGoOnWhileAListenerWaits() {
    cluster.topic("t", 2);
    Member first = member("a");
    pass(2_000);
    // longer than the session
    first.onLoss = () -> cluster.scheduler.sleep(Duration.ofSeconds(8).toNanos());
    Member second = member("b");
    pass(20_000);

    assertThat(first.told)
        .containsExactly(
            "assigned [t-0, t-1] in 1",
            "revoked [t-1] in 2",
            "assigned [] in 2",
            "assigned [] in 3");
    assertThat(second.held()).hasSize(1);
  }

  @Test
  void aDynamicMemberThatDoesNotPollLeavesAndFindsEverythingLost() {
    cluster.topic("t", 6);
    Member first = dynamic("a");
    Member second = dynamic("b");
    pass(5_000);
    int before = cluster.requests(Request.LeaveGroup.class).size();
    boolean[] once = {true};

    // the next revocation takes longer than the longest time between polls
    first.onLoss =
        () -> {
          if (once[0]) {
            once[0] = false;
            cluster.scheduler.sleep(Duration.ofSeconds(15).toNanos());
          }
        };
    second.onLoss = first.onLoss;
    Member third = dynamic("c");
    pass(14_000);
    assertThat(cluster.requests(Request.LeaveGroup.class)).hasSizeGreaterThan(before);
    pass(20_000);

    assertThat(first.held().size() + second.held().size() + third.held().size()).isEqualTo(6);
    assertThat(Stream.of(first, second).flatMap(member -> member.told.stream()))
        .anyMatch(told -> told.startsWith("lost [t-"));
  }

  @Test
  void aStaticMemberThatClosesStaysUnlessItSaysThatItLeaves() {
    cluster.topic("t", 2);
    Member stays = member("stays");
    Member leaves = member("leaves");
    pass(5_000);

    leaves.close(
        CloseOptions.timeout(Duration.ofSeconds(5))
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    assertThat(members()).isEqualTo(1);
    assertThat(leaves.told.getLast()).startsWith("revoked [t-");
    pass(3_000);
    assertThat(stays.held()).hasSize(2);

    stays.close(CloseOptions.timeout(Duration.ofSeconds(5)));
    assertThat(members()).isEqualTo(1);
    pass(7_000);
    assertThat(members()).isZero();
  }

  private int members() {
    Reply.GroupState state = cluster.kafka.describeGroup("group");
    return state.members().size();
  }

  @Test
  void aTwinUnderTheSameInstanceIdFencesTheOneBefore() {
    cluster.topic("t", 2);
    Member first = member("twin");
    pass(2_000);
    Member second = member("twin");
    pass(5_000);

    assertThat(first.thrown).hasSize(1).first().isInstanceOf(FencedInstanceIdException.class);
    assertThat(second.held()).hasSize(2);
  }

  @Test
  void lostRepliesDelayARebalanceAndDoNotBreakIt() {
    cluster.topic("t", 6);
    cluster.loseReplies(Request.JoinGroup.class, 2);
    cluster.loseReplies(Request.SyncGroup.class, 2);
    cluster.loseReplies(Request.Heartbeat.class, 3);

    Member first = member("a");
    Member second = dynamic("b");
    Member third = member("c");
    pass(40_000);

    assertThat(first.held()).hasSize(2);
    assertThat(second.held()).hasSize(2);
    assertThat(third.held()).hasSize(2);
  }

  @Test
  void aPollReturnsThoughTheGroupIsNotThereYet() throws Exception {
    cluster.topic("t", 1);
    cluster.cutOff(Request.JoinGroup.class, Duration.ofSeconds(2));
    Member member = member("a");

    pass(1_000);
    assertThat(member.told).isEmpty();
    pass(2_000);
    assertThat(member.held()).hasSize(1);
  }
}
