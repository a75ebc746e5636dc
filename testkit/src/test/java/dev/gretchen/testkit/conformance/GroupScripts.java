package dev.gretchen.testkit.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/// Groups of dynamic members: callbacks, generations, and how members go.
final class GroupScripts {

  private GroupScripts() {}

  static List<Script> all() {
    return List.of(
        new Script("oneMember", GroupScripts::oneMember),
        new Script("twoMembers", GroupScripts::twoMembers),
        new Script("threeMembers", GroupScripts::threeMembers),
        new Script("rejoin", GroupScripts::rejoin),
        new Script("enforced", GroupScripts::enforced),
        new Script("inCallbacks", GroupScripts::inCallbacks),
        new Script("pollsTooLate", GroupScripts::pollsTooLate),
        new Script("sessionTooShort", GroupScripts::sessionTooShort),
        new Script("unsubscribed", GroupScripts::unsubscribed),
        new Script("foreignProtocol", GroupScripts::foreignProtocol),
        new Script("pendingOffsets", GroupScripts::pendingOffsets),
        new Script("failingCallback", GroupScripts::failingCallback),
        new Script("positionsKept", GroupScripts::positionsKept));
  }

  static void leave(Member member) {
    close(member, GroupMembershipOperation.LEAVE_GROUP);
  }

  static void close(Member member, GroupMembershipOperation operation) {
    member.attempt(
        "close with " + operation,
        () ->
            member
                .consumer()
                .close(
                    CloseOptions.groupMembershipOperation(operation)
                        .withTimeout(Duration.ofSeconds(5))));
    member.forgetNothings();
    member.reportClosed();
  }

  /// Has an administrator remove a static member.
  static void evict(Stage stage, String group, String instance) {
    stage.attempt(
        "remove " + instance,
        () ->
            Asking.get(
                stage
                    .ask()
                    .admin()
                    .removeMembersFromConsumerGroup(
                        stage.name(group),
                        new RemoveMembersFromConsumerGroupOptions(
                            List.of(new MemberToRemove(stage.name(instance)))))
                    .all()));
  }

  private static void oneMember(Stage stage) {
    stage.topic("t", 3);
    TopicPartition partition = stage.partition("t", 1);
    Writer writer = stage.writer("P");
    writer.send(partition, "a");
    writer.flush();
    Member member = stage.member("A", "g", Map.of());
    stage.note("before it joins: generation " + member.generation());
    member.subscribe("t");
    stage.settle(member);
    member.report();
    stage.ask().describe("g");
    member.attempt("commit", () -> member.consumer().commitSync(Writer.at(partition, 1)));
    stage.ask().committed("g", partition);
    leave(member);
    stage.ask().describe("g");
    stage.ask().committed("g", partition);
  }

  private static void twoMembers(Stage stage) {
    stage.topic("t", 4);
    Member first = stage.member("A", "g", Map.of()).subscribe("t");
    stage.settle(first);
    Member second = stage.member("B", "g", Map.of()).subscribe("t");
    stage.poll(
        "a share for B", () -> second.owns(2) && Member.haveSettled(first, second), first, second);
    first.report();
    second.report();
    stage.ask().describe("g");
    leave(second);
    stage.poll("all for A", () -> first.owns(4), first);
    first.report();
    leave(first);
    stage.ask().describe("g");
  }

  private static void threeMembers(Stage stage) {
    stage.topic("t", 6);
    Member first = stage.member("A", "g", Map.of()).subscribe("t");
    stage.settle(first);
    Member second = stage.member("B", "g", Map.of()).subscribe("t");
    stage.poll(
        "a share for B", () -> second.owns(3) && Member.haveSettled(first, second), first, second);
    Member third = stage.member("C", "g", Map.of()).subscribe("t");
    stage.poll(
        "a share for C",
        () -> third.owns(2) && Member.haveSettled(first, second, third),
        first,
        second,
        third);
    first.reportShares();
    second.reportShares();
    third.reportShares();
    first.attempt("close", first.consumer()::close);
    stage.poll(
        "the share of A",
        () -> second.owns(3) && third.owns(3) && Member.haveSettled(second, third),
        second,
        third);
    second.reportShares();
    third.reportShares();
    stage.ask().describe("g");
  }

  private static void rejoin(Stage stage) {
    stage.topic("t", 2);
    Member first = stage.member("A", "g", Map.of()).subscribe("t");
    stage.settle(first);
    leave(first);
    Member again = stage.member("B", "g", Map.of()).subscribe("t");
    stage.settle(again);
    again.report();
    Member plain = stage.member("C", "g", Map.of()).subscribe("t");
    stage.poll(
        "a share for C", () -> plain.owns(1) && Member.haveSettled(again, plain), again, plain);
    close(plain, GroupMembershipOperation.REMAIN_IN_GROUP);
    stage.ask().describe("g");
    close(again, GroupMembershipOperation.DEFAULT);
    stage.until("one member", () -> stage.ask().group("g").members().size() == 1);
  }

  private static void enforced(Stage stage) {
    stage.topic("t", 2);
    Member first = stage.member("A", "g", Map.of()).subscribe("t");
    stage.settle(first);
    int before = first.generation();
    first.consumer().enforceRebalance("because");
    stage.poll("the next generation", () -> first.generation() > before, first);
    first.reportAll();
    Member second = stage.member("B", "g", Map.of()).subscribe("t");
    stage.poll(
        "a share for B", () -> second.owns(1) && Member.haveSettled(first, second), first, second);
    first.report();
    second.report();
    int then = first.generation();
    // not by the leader
    second.consumer().enforceRebalance("because");
    stage.poll("a poll", () -> true, first, second);
    stage.note("a rebalance of who does not lead: " + (first.generation() - then));
    first.report();
    second.report();
  }

  /// What may be committed within callbacks, and under which generation.
  private static void inCallbacks(Stage stage) {
    stage.topic("t", 2);
    Writer writer = stage.transactional("T");
    Committing first = new Committing(stage, writer, stage.member("A", "g", Map.of()));
    first.member().subscribe("t");
    stage.settle(first.member());
    first.subscribe();
    stage.pollFor(Duration.ofMillis(100), first.member());
    first.remember();
    Member second = stage.member("B", "g", Map.of()).subscribe("t");
    stage.poll(
        "a share for B",
        () -> second.owns(1) && second.generation() == first.member().generation(),
        first.member(),
        second);
    stage.ask().awaitStable("g", stage.partition("t", 0));
    stage.ask().committed("g", stage.partition("t", 0), stage.partition("t", 1));
    second.report();
  }

  /// A dynamic member that does not poll leaves by itself, and is told so at its next poll.
  private static void pollsTooLate(Stage stage) {
    stage.topic("t", 2);
    Map<String, Object> hasty = Map.of(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 1_000);
    Member late = stage.member("A", "g", hasty).subscribe("t");
    Member other = stage.member("B", "g", Map.of());
    stage.settle(late);
    ConsumerGroupMetadata before = late.metadata();
    stage.until("an empty group", () -> stage.ask().group("g").members().isEmpty());
    stage.ask().describe("g");
    late.attempt("commit", () -> late.consumer().commitSync(Writer.at(stage.partition("t", 0), 1)));
    stage.note("metadata renewed: " + (late.generation() != before.generationId()));
    other.subscribe("t");
    stage.settle(other);
    other.report();
    stage.poll(
        "a share for both", () -> late.owns(1) && Member.haveSettled(late, other), late, other);
    late.report();
    other.report();
  }

  private static void sessionTooShort(Stage stage) {
    stage.topic("t", 1);
    Member member = stage.member("A", "g", Map.of(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 5_999));
    member.subscribe("t");
    stage.until(
        "a failure",
        () -> {
          member.poll();
          return member.hasFailed();
        });
    member.report();
  }

  private static void unsubscribed(Stage stage) {
    stage.topic("t", 2);
    stage.topic("u", 1);
    Member first = stage.member("A", "g", Map.of()).subscribe("t");
    Member second = stage.member("B", "g", Map.of());
    stage.settle(first);
    second.subscribe("u");
    stage.poll(
        "a share for B", () -> second.owns(1) && Member.haveSettled(first, second), first, second);
    first.report();
    second.report();
    second.attempt("unsubscribe", second.consumer()::unsubscribe);
    second.report();
    stage.until(
        "one member",
        () -> {
          first.poll();
          return stage.ask().group("g").members().size() == 1
              && stage.ask().group("g").groupState() == GroupState.STABLE;
        });
    stage.pollFor(Duration.ofMillis(300), first);
    first.report();
    first.subscribe("t", "u");
    stage.poll("all", () -> first.owns(3), first);
    first.report();
    stage.ask().describe("g");
  }

  private static void foreignProtocol(Stage stage) {
    stage.topic("t", 2);
    Member first = stage.member("A", "g", Map.of()).subscribe("t");
    stage.settle(first);
    Member second =
        stage.member(
            "B",
            "g",
            Map.of(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                org.apache.kafka.clients.consumer.RangeAssignor.class.getName()));
    second.subscribe("t");
    stage.until(
        "a failure",
        () -> {
          second.poll();
          return second.hasFailed();
        });
    second.report();
    stage.pollFor(Duration.ofMillis(300), first);
    first.report();
  }

  /// A pending offset of one partition keeps back all of them, unless positions are given.
  private static void pendingOffsets(Stage stage) {
    stage.topic("t", 2);
    TopicPartition pending = stage.partition("t", 0);
    TopicPartition healthy = stage.partition("t", 1);
    Writer plain = stage.writer("P");
    plain.send(healthy, "a");
    plain.flush();
    Writer writer = stage.transactional("T");
    writer.begin();
    writer.offsets("pending", Writer.at(pending, 0), Metadata.unjoined(stage, "g"));
    Member member = stage.member("A", "g", Map.of()).subscribe("t");
    stage.settle(member);
    stage.pollFor(Duration.ofMillis(300), member);
    member.report();
    member.consumer().seek(pending, 0);
    member.consumer().seek(healthy, 0);
    stage.pollFor(Duration.ofMillis(300), member);
    member.report();
    writer.abort();
  }

  private static void failingCallback(Stage stage) {
    stage.topic("t", 1);
    Consumer<byte[], byte[]> consumer = stage.member("A", "g", Map.of()).consumer();
    List<String> told = new ArrayList<>();
    consumer.subscribe(
        List.of(stage.name("t")),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            told.add("assigned " + stage.plain(partitions));
            if (told.size() == 1) {
              throw new IllegalArgumentException("on purpose");
            }
          }

          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            told.add("revoked " + stage.plain(partitions));
          }
        });
    stage.attempt(
        "poll",
        () ->
            stage.until(
                "an assignment",
                () -> {
                  consumer.poll(Duration.ofMillis(20));
                  return !told.isEmpty();
                }));
    stage.note("owns " + stage.plain(consumer.assignment()));
    stage.attempt(
        "poll again",
        () ->
            stage.until(
                "another callback",
                () -> {
                  consumer.poll(Duration.ofMillis(20));
                  return told.size() > 1;
                }));
    stage.note(told + ", owns " + stage.plain(consumer.assignment()));
  }

  /// A cooperative member reads on where it was, and a new owner where it was committed.
  private static void positionsKept(Stage stage) {
    stage.topic("t", 2);
    Writer writer = stage.writer("P");
    for (int number = 0; number < 2; number++) {
      writer.send(stage.partition("t", number), "a");
      writer.send(stage.partition("t", number), "b");
    }
    writer.flush();
    Member first = stage.member("A", "g", Map.of()).subscribe("t");
    stage.settle(first);
    stage.until(
        "both partitions read",
        () -> {
          first.poll();
          return position(first, stage.partition("t", 0)) == 2
              && position(first, stage.partition("t", 1)) == 2;
        });
    first.consumer().commitSync(Writer.at(stage.partition("t", 0), 1));
    first.consumer().commitSync(Writer.at(stage.partition("t", 1), 1));
    Member second = stage.member("B", "g", Map.of()).subscribe("t");
    stage.poll(
        "a share for B", () -> second.owns(1) && Member.haveSettled(first, second), first, second);
    TopicPartition theirs = second.consumer().assignment().iterator().next();
    TopicPartition ours = first.consumer().assignment().iterator().next();
    stage.note("A at " + position(first, ours) + ", B at " + position(second, theirs));
    first.attempt(
        "position of what is gone",
        () -> first.consumer().position(theirs, Duration.ofMillis(100)));
    first.attempt("pause of what is gone", () -> first.consumer().pause(List.of(theirs)));
    first.attempt("seek in what is gone", () -> first.consumer().seek(theirs, 0));
  }

  private static long position(Member member, TopicPartition partition) {
    Consumer<byte[], byte[]> consumer = member.consumer();
    return consumer.assignment().contains(partition) ? consumer.position(partition) : -1;
  }
}
