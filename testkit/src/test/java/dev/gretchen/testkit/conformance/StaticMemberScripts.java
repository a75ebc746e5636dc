package dev.gretchen.testkit.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.GroupState;

/// Static members: those that stay, are removed, are replaced, and fall silent.
final class StaticMemberScripts {

  private StaticMemberScripts() {}

  static List<Script> all() {
    return List.of(
        new Script("staticStays", StaticMemberScripts::stays),
        new Script("staticLeaves", StaticMemberScripts::leaves),
        new Script("staticReplaced", StaticMemberScripts::replaced),
        new Script("staticEvicted", StaticMemberScripts::evicted),
        new Script("staticEvictedOfTwo", StaticMemberScripts::evictedOfTwo),
        new Script("staticTakenBack", StaticMemberScripts::takenBack),
        new Script("staticHoldsBarrier", StaticMemberScripts::holdsBarrier),
        new Script("staticSilent", StaticMemberScripts::silent),
        new Script("removeUnknown", StaticMemberScripts::removeUnknown));
  }

  private static Member[] two(Stage stage) {
    Member first = stage.staticMember("A", "g", "one", Map.of()).subscribe("t");
    stage.settle(first);
    Member second = stage.staticMember("B", "g", "two", Map.of()).subscribe("t");
    stage.poll(
        "a share for B", () -> second.owns(1) && Member.haveSettled(first, second), first, second);
    first.report();
    second.report();
    return new Member[] {first, second};
  }

  /// One that is closed stays a member; who comes back under its instance id gets its partitions
  /// without a rebalance.
  private static void stays(Stage stage) {
    stage.topic("t", 2);
    Member[] members = two(stage);
    close(members[1], GroupMembershipOperation.DEFAULT);
    stage.pollFor(Duration.ofMillis(300), members[0]);
    members[0].report();
    stage.ask().describe("g");
    Member back = stage.staticMember("C", "g", "two", Map.of()).subscribe("t");
    stage.poll("its partition", () -> back.owns(1), members[0], back);
    members[0].report();
    back.report();
    stage.ask().describe("g");
    close(back, GroupMembershipOperation.REMAIN_IN_GROUP);
    GroupScripts.evict(stage, "g", "two");
    stage.poll("all for A", () -> members[0].owns(2), members[0]);
    members[0].report();
    stage.ask().describe("g");
  }

  private static void close(Member member, GroupMembershipOperation operation) {
    GroupScripts.close(member, operation);
  }

  private static void leaves(Stage stage) {
    stage.topic("t", 2);
    Member[] members = two(stage);
    close(members[1], GroupMembershipOperation.LEAVE_GROUP);
    stage.poll("all for A", () -> members[0].owns(2), members[0]);
    members[0].report();
    stage.ask().describe("g");
    close(members[0], GroupMembershipOperation.LEAVE_GROUP);
    stage.ask().describe("g");
  }

  /// Somebody comes under the instance id of one that is still there.
  private static void replaced(Stage stage) {
    stage.topic("t", 2);
    Member[] members = two(stage);
    Member twin = stage.staticMember("C", "g", "two", Map.of()).subscribe("t");
    stage.poll("the partition of B", () -> twin.owns(1), members[0], twin);
    twin.report();
    members[0].report();
    stage.until(
        "B fails",
        () -> {
          members[1].poll();
          members[0].poll();
          twin.poll();
          return members[1].hasFailed();
        });
    members[1].report();
    members[1].attempt(
        "commit", () -> members[1].consumer().commitSync(Writer.at(stage.partition("t", 1), 1)));
    close(members[1], GroupMembershipOperation.LEAVE_GROUP);
    stage.pollFor(Duration.ofMillis(300), members[0], twin);
    twin.report();
    members[0].report();
    stage.ask().describe("g");
  }

  /// One that was fenced polls on, and takes its place back.
  private static void takenBack(Stage stage) {
    stage.topic("t", 1);
    Member first = stage.staticMember("A", "g", "one", Map.of()).subscribe("t");
    stage.settle(first);
    Member twin = stage.staticMember("B", "g", "one", Map.of()).subscribe("t");
    stage.settle(twin);
    untilFailed(stage, first);
    stage.settle(first);
    first.report();
    untilFailed(stage, twin);
    twin.report();
    stage.ask().describe("g");
  }

  private static void untilFailed(Stage stage, Member member) {
    stage.until(
        "a failure",
        () -> {
          member.poll();
          return member.hasFailed();
        });
  }

  /// One that does not come to a rebalance holds up the others until the longest of their times is
  /// over, and keeps its share, being static.
  private static void holdsBarrier(Stage stage) {
    stage.topic("t", 2);
    Map<String, Object> hasty = Map.of(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 1_500);
    Member first = stage.staticMember("A", "g", "one", hasty).subscribe("t");
    stage.settle(first);
    Member second = stage.staticMember("B", "g", "two", hasty).subscribe("t");
    stage.poll(
        "a share for B", () -> second.owns(1) && Member.haveSettled(first, second), first, second);
    int before = first.generation();
    Member third = stage.staticMember("C", "g", "three", hasty).subscribe("t");
    stage.pollFor(Duration.ofMillis(800), first, third);
    stage.note("held up: " + (first.generation() == before && third.generation() < 0));
    stage.poll(
        "the end of it",
        () -> first.generation() > before && Member.haveSettled(first, third),
        first,
        third);
    first.report();
    third.report();
    stage.ask().describe("g");
    stage.poll(
        "the return of B",
        () -> second.generation() > before && Member.haveSettled(first, second, third),
        first,
        second,
        third);
    first.report();
    second.report();
    third.report();
    // seen once in sixty runs: another round, after which all have what they had
    stage.poll(
        "rest",
        () -> stage.ask().group("g").groupState() == GroupState.STABLE,
        first,
        second,
        third);
    stage.ask().describe("g");
  }

  /// The only member is removed and comes back by itself.
  private static void evicted(Stage stage) {
    stage.topic("t", 2);
    Member member = stage.staticMember("A", "g", "one", Map.of()).subscribe("t");
    stage.settle(member);
    int before = member.generation();
    GroupScripts.evict(stage, "g", "one");
    stage.ask().describe("g");
    member.attempt(
        "commit", () -> member.consumer().commitSync(Writer.at(stage.partition("t", 0), 1)));
    stage.poll("its return", () -> member.generation() > before && member.owns(2), member);
    member.report();
    stage.ask().describe("g");
  }

  /// One of two is removed; the other gets what it had, before it comes back.
  private static void evictedOfTwo(Stage stage) {
    stage.topic("t", 2);
    Member[] members = two(stage);
    GroupScripts.evict(stage, "g", "two");
    stage.poll("all for A", () -> members[0].owns(2), members[0]);
    members[0].report();
    stage.poll("the return of B", () -> members[1].owns(1) && Member.haveSettled(members), members);
    members[0].report();
    members[1].report();
    stage.ask().describe("g");
  }

  /// One that does not poll is silent in the end, and its session times out.
  private static void silent(Stage stage) {
    stage.topic("t", 2);
    Member first = stage.staticMember("A", "g", "one", Map.of()).subscribe("t");
    stage.settle(first);
    Member second =
        stage.staticMember(
            "B", "g", "two", Map.of(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 1_000));
    second.subscribe("t");
    stage.poll(
        "a share for B", () -> second.owns(1) && Member.haveSettled(first, second), first, second);
    long begun = stage.world().nanoTime();
    stage.poll("all for A", () -> first.owns(2), first);
    long millis = (stage.world().nanoTime() - begun) / 1_000_000;
    stage.note("took about seven seconds: " + (millis > 5_500 && millis < 9_500));
    first.report();
    stage.poll(
        "the return of B",
        () -> second.owns(1) && Member.haveSettled(first, second),
        first,
        second);
    first.report();
    second.report();
  }

  private static void removeUnknown(Stage stage) {
    stage.topic("t", 1);
    GroupScripts.evict(stage, "nobody", "one");
    Member member = stage.staticMember("A", "g", "one", Map.of()).subscribe("t");
    stage.settle(member);
    GroupScripts.evict(stage, "g", "two");
    GroupScripts.evict(stage, "g", "one");
    GroupScripts.evict(stage, "g", "one");
  }
}
